import PluginAPI

/// Loading and describing a plugin is quick: every command does it, for every plugin.
enum DescribesQuickly: Check {
  static let name = "describe"
  static let sentence = "Loading and describing the plugin takes less than 50 ms."

  /// Seconds.
  static let limit = 0.05

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    guard subject.secondsToDescribe < limit else {
      let milliseconds = Int((subject.secondsToDescribe * 1000).rounded())
      return .failed(
        "took \(milliseconds) ms; read files and make tables when a component is built, "
          + "not in the description or in constructors")
    }
    return .passed
  }
}
