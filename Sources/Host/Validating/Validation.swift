import Foundation
import PluginAPI

/// The conformance suite: every check of every component of one plugin, each in its own process.
struct Validation {
  /// The plugin's file.
  let path: String
  /// Its description, made in a process of its own.
  let plugin: PluginSummary
  /// Names of the checks to ask; all where empty.
  var checks: [String] = []
  /// Second halves of the ids of the components to ask; all where empty.
  var components: [String] = []
  /// Chooses inputs, weights and directions; the same one repeats a failure.
  var seed: UInt64 = 1
  /// Settings by component, as JSON objects.
  var settings: [String: String] = [:]
  /// The time limit of a process.
  var seconds = 120.0
  var executable = PluginSearchPath.currentExecutable

  /// What one check found of one component.
  struct Result {
    /// The component's id; the plugin's where the check is of it.
    let subject: String
    let kind: String
    let check: String
    let answer: CheckAnswer
    let seconds: Double
  }

  /// Describes the plugin at `path`.
  ///
  /// - Throws: `PluginError` where the host refuses it.
  init(_ path: String, executable: String = PluginSearchPath.currentExecutable) throws {
    let file = try PluginFile(at: path, trust: .standard())
    self.path = file.path
    self.executable = executable
    switch PluginProbe(executable: executable).describe(file.path) {
    case .described(let summary): plugin = summary
    case .refused(let error): throw error
    }
  }

  /// The components that are asked.
  var asked: [PluginSummary.Component] {
    plugin.components.filter { components.isEmpty || components.contains($0.name) }
  }

  /// Asks, component by component.
  ///
  /// - Parameter done: called with the results of each component.
  /// - Returns: all results, in order.
  /// - Throws: errors of starting processes.
  func run(_ done: ([Result]) -> Void = { _ in }) throws -> [Result] {
    var results: [Result] = []
    for (index, component) in asked.enumerated() {
      guard let kind = ComponentKind(rawValue: component.kind) else { continue }
      var own: [Result] = []
      for check in allChecks where checks.isEmpty || checks.contains(check.name) {
        // The plugin is described once for all of its components.
        let isOfPlugin = check.name == DescribesQuickly.name
        guard check.applies(to: kind), index == 0 || !isOfPlugin else { continue }
        let start = ContinuousClock.now
        let answer = try ask(check, component.name)
        own.append(
          Result(
            subject: isOfPlugin ? plugin.id : "\(plugin.id)/\(component.name)",
            kind: isOfPlugin ? "plugin" : component.kind, check: check.name, answer: answer,
            seconds: (ContinuousClock.now - start) / .seconds(1)))
      }
      done(own)
      results += own
    }
    return results
  }

  private func ask(_ check: any Check.Type, _ component: String) throws -> CheckAnswer {
    var request = CheckRequest(
      path: path, component: component, check: check.name, seed: seed,
      settings: settings[component] ?? "{}")
    switch try process(request, check) {
    case .probes(let probes):
      var answers: [(probe: String, answer: CheckAnswer)] = []
      for probe in probes {
        request.probe = probe
        answers.append((probe, try process(request, check)))
      }
      return check.verdict(answers)
    case .digest(let first):
      request.isLast = true
      guard case .digest(let second) = try process(request, check) else {
        return .failed("it fails where the plugin is loaded after the others")
      }
      return AnyLoadOrder.difference(first, second)
        .map {
          .failed("\($0) depends on the order in which plugins are loaded, or on the process")
        }
        ?? .passed
    case .failed where check.name == DescribesQuickly.name:
      // A busy machine is no fault of the plugin.
      for _ in 0..<3 where try process(request, check) == .passed { return .passed }
      return try process(request, check)
    case let answer: return answer
    }
  }

  private func process(_ request: CheckRequest, _ check: any Check.Type) throws -> CheckAnswer {
    let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
    let ending = try ChildProcess(executable: executable, seconds: seconds)
      .run([CheckRequest.command, text])
    if let answer = ending.answer(CheckAnswer.self) { return answer }
    let stops: Set<Int32?> = [SIGILL, SIGTRAP, SIGABRT]
    if check.mayStop, ending.error.contains(CheckAnswer.announcement), stops.contains(ending.signal)
    {
      return .passed
    }
    return .failed("the process \(ending.account)")
  }
}
