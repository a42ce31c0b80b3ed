import PluginAPI

/// Plugins loaded in another order, in another process, change nothing.
enum AnyLoadOrder: Check {
  static let name = "load-order"
  static let sentence = "Results are the same in any load order, and in another process."

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let piece = try subject.smallest()
    piece.initialize()
    let digests = try piece.digests().sorted { $0.key < $1.key }
    return .digest(digests.map { "\($0.key): \($0.value)" }.joined(separator: "\n"))
  }

  /// The first line in which two digests differ.
  static func difference(_ first: String, _ second: String) -> String? {
    let (first, second) = (first.split(separator: "\n"), second.split(separator: "\n"))
    guard first != second else { return nil }
    let line = zip(first, second).first { $0 != $1 }?.0 ?? first.last ?? ""
    return String(line.prefix { $0 != ":" })
  }
}
