import Foundation
import Testing

/// A difference from a reference, after it is noted where `WORKBENCH_ERRORS` names a file: a line
/// `subject⇥item⇥difference` each, of which `Scripts/agreement.py` makes `Documentation/Agreement.md`.
///
/// - Parameters:
///   - difference: relative to the largest number expected.
///   - item: what was compared; it begins with `gradient` where it is one.
///   - subject: the network or loss.
/// - Returns: the difference.
public func noted(_ difference: Float, _ item: String, of subject: String) -> Float {
  guard let path = ProcessInfo.processInfo.environment["WORKBENCH_ERRORS"] else {
    return difference
  }
  let line = Data("\(subject)\t\(item)\t\(difference)\n".utf8)
  let file = FileHandle(forWritingAtPath: path)
  guard let file else {
    if !FileManager.default.createFile(atPath: path, contents: line) {
      Issue.record("WORKBENCH_ERRORS: \(path) cannot be written")
    }
    return difference
  }
  do {
    try file.seekToEnd()
    try file.write(contentsOf: line)
    try file.close()
  } catch {
    Issue.record("WORKBENCH_ERRORS: \(error)")
  }
  return difference
}
