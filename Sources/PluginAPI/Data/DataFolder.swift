import Foundation

/// A folder of a dataset, whose files are listed in the order a person counts them: 2 before 10.
public struct DataFolder: Sendable {
  /// Where it is, as the experiment's settings say.
  public let path: String

  /// Names a folder that has to be there.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - expected: what should be there, for the message.
  ///   - cure: what to do if it is not.
  /// - Throws: `DataError` where nothing is there, or a file.
  public init(_ path: String, expected: String, cure: String) throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard exists, isFolder.boolValue else {
      throw DataError(
        path, found: exists ? "a file" : "no such folder", expected: expected, cure: cure)
    }
    self.path = path
  }

  /// Whether there is a folder of that name in it.
  public func has(_ folder: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(
      atPath: "\(path)/\(folder)", isDirectory: &isFolder)
    return exists && isFolder.boolValue
  }

  /// The names in it, hidden ones left out.
  ///
  /// - Throws: `DataError` where the folder cannot be read.
  public func names() throws -> [String] {
    do {
      return DataFolder.ordered(try FileManager.default.contentsOfDirectory(atPath: path))
    } catch {
      throw DataError(
        path, found: "a folder that cannot be read", expected: "one that can",
        cure: "Check its permissions.")
    }
  }

  /// The names in it and in all folders below, as paths that begin at this one.
  ///
  /// - Throws: `DataError` where the folder cannot be read.
  public func namesBelow() throws -> [String] {
    do {
      return DataFolder.ordered(try FileManager.default.subpathsOfDirectory(atPath: path))
    } catch {
      throw DataError(
        path, found: "a folder that cannot be read", expected: "one that can",
        cure: "Check its permissions.")
    }
  }

  private static func ordered(_ names: [String]) -> [String] {
    names.filter { !$0.hasPrefix(".") && !$0.contains("/.") }
      .sorted { $0.compare($1, options: .numeric, locale: nil) == .orderedAscending }
  }
}
