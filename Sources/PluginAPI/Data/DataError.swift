/// Something that is wrong with the files of a dataset.
///
///     data/labels/7.png: found label 40; expected 0...33. Put the original file back.
public struct DataError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence with the path, what was found and what was expected, and one with the cure.
  public let description: String

  /// Words a fault.
  ///
  /// - Parameters:
  ///   - path: the file or folder, as the experiment's settings led to it.
  ///   - found: what is there, to follow "found".
  ///   - expected: what should be there, to follow "expected".
  ///   - cure: what to do, as sentences.
  public init(_ path: String, found: String, expected: String, cure: String) {
    description = "\(path): found \(found); expected \(expected). \(cure)"
  }
}
