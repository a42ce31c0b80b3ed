import PluginAPI

/// One question that `workbench plugin validate` asks of a component.
///
/// A check returns where the component passes, throws ``CheckFailure`` where it does not and
/// ``CheckSkipped`` where the question makes no sense. It runs in a process of its own, so it may
/// also crash or hang.
protocol Check: SendableMetatype {
  /// What `--only` calls it.
  static var name: String { get }
  /// What it makes sure of, one sentence.
  static var sentence: String { get }
  /// Whether the death of the process with a message, once ``CheckAnswer/announce()`` was called, is
  /// a pass.
  static var mayStop: Bool { get }

  /// Whether components of this kind are asked at all.
  static func applies(to kind: ComponentKind) -> Bool
  /// Asks the question.
  ///
  /// - Parameters:
  ///   - subject: the component.
  ///   - probe: the part of the question to ask; `nil` at first.
  /// - Returns: nothing more to ask, parts to be asked in processes of their own, or a digest that
  ///   must be the same in another load order.
  /// - Throws: ``CheckFailure``, ``CheckSkipped``, or the component's own errors, which fail it.
  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer
  /// What the answers to all parts come to.
  static func verdict(_ answers: [(probe: String, answer: CheckAnswer)]) -> CheckAnswer
}

extension Check {
  static var mayStop: Bool { false }
  static func applies(to kind: ComponentKind) -> Bool { true }

  /// Failed where a part failed; skipped where all were.
  static func verdict(_ answers: [(probe: String, answer: CheckAnswer)]) -> CheckAnswer {
    for case (let probe, .failed(let message)) in answers {
      return .failed("\(probe): \(message)")
    }
    if let skipped = answers.first?.answer, answers.allSatisfy({ $0.answer.isSkipped }) {
      return skipped
    }
    return .passed
  }
}

/// What a check found.
enum CheckAnswer: Codable, Hashable {
  /// All is well.
  case passed
  /// All is well if a process with the plugins loaded in another order finds the same.
  case digest(String)
  /// These parts must be asked one by one.
  case probes([String])
  /// Something is wrong.
  case failed(String)
  /// The question makes no sense here, for this reason.
  case skipped(String)

  var isSkipped: Bool { if case .skipped = self { true } else { false } }

  /// What a child writes when its death with a message would from now on be the right answer.
  static let announcement = "now it may stop"

  /// Says that the component may stop the process from here on.
  static func announce() {
    complain(announcement)
  }
}

/// A component does not do what it must.
struct CheckFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A check makes no sense for a component.
struct CheckSkipped: Error {
  /// How the reason begins where a dataset lacks its files.
  static let noData = "its data can't be read"
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Every check, in the order in which they are asked.
let allChecks: [any Check.Type] = [
  BuildsAtSizes.self, OutputsMatchPorts.self, FirstOrderGradients.self, SecondOrderGradients.self,
  SameBySeed.self, AnyLoadOrder.self, CheckpointRoundTrip.self, GarbageRefused.self,
  SettingsBounded.self, SamplingMovesNothing.self, NaNNoticed.self, DescribesQuickly.self,
]
