import Foundation

/// One line on the terminal that is written over; one line a report where there is no terminal.
final class ProgressLine {
  private let isTerminal = isatty(STDOUT_FILENO) != 0
  private var lastWritten = Date.distantPast
  private var width = 0

  /// Shows a text, at most five times a second.
  func show(_ text: @autoclosure () -> String) {
    guard isTerminal, Date().timeIntervalSince(lastWritten) > 0.2 else { return }
    lastWritten = Date()
    let text = text()
    let padding = String(repeating: " ", count: max(0, width - text.count))
    print("\r\(text)\(padding)", terminator: "")
    fflush(nil)
    width = text.count
  }

  /// Writes a line that stays.
  func print(line text: String) {
    clear()
    print(text)
    fflush(nil)
  }

  /// Takes away what was shown last.
  func clear() {
    guard isTerminal, width > 0 else { return }
    print("\r" + String(repeating: " ", count: width) + "\r", terminator: "")
    fflush(nil)
    width = 0
  }

  private func print(_ text: String, terminator: String = "\n") {
    Swift.print(text, terminator: terminator)
  }
}

/// Sends to the standard error what `body` prints, for commands whose output is the answer alone.
func onStandardError<Result>(_ body: () throws -> Result) rethrows -> Result {
  fflush(nil)
  let output = dup(STDOUT_FILENO)
  dup2(STDERR_FILENO, STDOUT_FILENO)
  defer {
    fflush(nil)
    dup2(output, STDOUT_FILENO)
    close(output)
  }
  return try body()
}

/// How lengths of time and counts are written.
enum Format {
  /// `1:02:03` or `4:05`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let tail =
      (minutes < 10 && hours > 0 ? "0\(minutes)" : "\(minutes)") + (rest < 10 ? ":0" : ":")
      + "\(rest)"
    return hours > 0 ? "\(hours):\(tail)" : tail
  }

  /// `950`, `12.3 k`, `4.56 M`.
  static func count(_ number: Int) -> String {
    switch number {
    case ..<10_000: "\(number)"
    case ..<1_000_000: "\(fixed(Double(number) / 1000, 1)) k"
    default: "\(fixed(Double(number) / 1_000_000, 2)) M"
    }
  }

  /// A number with so many digits after the point.
  static func fixed(_ number: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", number)
  }

  /// A loss: four significant digits.
  static func figure(_ number: Float) -> String { String(format: "%.4g", Double(number)) }
}
