import PluginAPI

/// The component builds and runs at several sizes, and refuses the others in words.
enum BuildsAtSizes: Check {
  static let name = "sizes"
  static let sentence =
    "It builds and runs at several port sizes, and refuses others in a sentence."

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    guard let probe else {
      // A step or a factor has no size.
      let isSized = ![.optimizer, .schedule, .adversarialLoss].contains(subject.kind)
      let sizes = isSized ? Subject.sizes : Array(Subject.sizes.prefix(1))
      return .probes(sizes.map { "\($0.height)×\($0.width)" })
    }
    let sides = probe.split(separator: "×").compactMap { Int($0) }
    guard sides.count == 2 else { return .failed("there is no size \(probe)") }
    let size = Size2(sides[0], sides[1])
    let piece: Piece
    do {
      piece = try Piece(subject, size)
    } catch let error as ConfigurationError {
      return .skipped(error.message)
    } catch let errors as HyperparameterErrors {
      return .skipped(errors.sentence)
    }
    // Building large ones shows what there is to see; a call takes long.
    guard size.height * size.width <= 64 * 64 else { return .passed }
    piece.initialize()
    let outputs = try piece(piece.inputs(), piece.context(training: false))
    for name in outputs.names { _ = outputs[name].evaluated() }
    return .passed
  }

  /// One size must do.
  static func verdict(_ answers: [(probe: String, answer: CheckAnswer)]) -> CheckAnswer {
    var refusal: String?
    for (probe, answer) in answers {
      if case .failed(let message) = answer { return .failed("at \(probe): \(message)") }
      if case .skipped(let reason) = answer { refusal = refusal ?? reason }
    }
    guard let refusal else { return .passed }
    if refusal.hasPrefix(CheckSkipped.noData) { return .skipped(refusal) }
    guard answers.allSatisfy({ $0.answer.isSkipped }) else { return .passed }
    return .failed("it builds at none of the sizes: \(refusal); give it settings with --with")
  }
}

extension HyperparameterErrors {
  /// The faults in one line.
  var sentence: String {
    errors.map { error in
      let problem =
        switch error.problem {
        case .unknownName: "is unknown"
        case .unknownChoice(let found, let known): "\(found) is none of \(known)"
        case .wrongType(let expected, let found): "found \(found), expected \(expected)"
        case .outside(let found, let range): "\(found) is outside \(range)"
        case .contradiction(let words): words
        }
      return error.name.isEmpty ? problem : "\(error.name): \(problem)"
    }.joined(separator: "; ")
  }
}
