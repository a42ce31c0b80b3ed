/// Whether ops record how to differentiate them. Belongs to the compute thread.
enum Recording {
  nonisolated(unsafe) static var isOn = true

  /// Runs `body` with recording on or off, and puts the former state back.
  static func with<R>(_ isOn: Bool, _ body: () throws -> R) rethrows -> R {
    try ComputeThread.hold {
      let before = Recording.isOn
      Recording.isOn = isOn
      defer { Recording.isOn = before }
      return try body()
    }
  }
}

/// Runs `body` without recording derivatives: results have no link to their inputs.
public func withoutGradient<R>(_ body: () throws -> R) rethrows -> R {
  try Recording.with(false, body)
}
