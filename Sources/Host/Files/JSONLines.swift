/// A file of one JSON value per line that only grows; each line is written in one piece.
///
/// A run that is resumed at an earlier step cuts what came after it, so that the file reads as if
/// the run had never stopped. A last line that a crash has cut short is dropped.
public final class JSONLines {
  private let file: OpenFile
  private var end = 0
  /// The number of complete lines.
  public private(set) var count: Int

  /// Opens a file, which is made when absent, keeping its first lines as long as they belong.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - belongs: whether a line stays; the first that does not ends the file.
  /// - Throws: `FileError`; `.malformedLine` for a complete line that is not JSON.
  public init(
    _ path: String, keepingWhile belongs: (JSONValue) -> Bool = { _ in true }
  ) throws(FileError) {
    file = try OpenFile(path, for: .appending)
    let bytes = try OpenFile(path, for: .reading).readAll(limit: 4 << 30)
    count = 0
    while let newline = bytes[end...].firstIndex(of: 0x0A) {
      let line = SourceText(bytes: Array(bytes[end..<newline]), name: path)
      let (value, faults) = JSONParser.parse(line, dialect: .json)
      guard let value, faults.isEmpty else {
        let reason = faults.first?.message ?? "it is empty"
        throw .malformedLine(path: path, line: count + 1, reason: reason)
      }
      guard belongs(value) else { break }
      end = newline + 1
      count += 1
    }
    if end < bytes.count { try file.truncate(to: end) }
  }

  /// Adds a line; it is in the file when this returns, and no part of it when this throws.
  public func append(_ value: JSONValue) throws(FileError) {
    let line = Array((value.text(style: .line) + "\n").utf8)
    do {
      try file.write(line)
    } catch {
      try? file.truncate(to: end)
      throw error
    }
    end += line.count
    count += 1
  }

  /// Waits until all lines are on the device, for the moment a checkpoint speaks of them.
  public func sync() throws(FileError) { try file.sync() }

  /// Reads all complete lines of a file.
  ///
  /// - Throws: `FileError`; `.malformedLine` for a complete line that is not JSON.
  public static func read(_ path: String) throws(FileError) -> [JSONValue] {
    let bytes = try OpenFile(path, for: .reading).readAll(limit: 4 << 30)
    var values: [JSONValue] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
      let (value, faults) = JSONParser.parse(
        SourceText(bytes: Array(line), name: path), dialect: .json)
      guard let value, faults.isEmpty else {
        let reason = faults.first?.message ?? "it is empty"
        throw .malformedLine(path: path, line: values.count + 1, reason: reason)
      }
      values.append(value)
    }
    return values
  }
}
