import Foundation

/// The folder that one run writes: `runs/<name>-<n>/`.
public struct RunFolder: Sendable {
  /// Its path.
  public let path: String

  /// Speaks of a folder that exists.
  ///
  /// - Throws: `FileError.absent` when there is none.
  public init(opening path: String) throws(FileError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { throw .absent(path: path) }
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Speaks of a folder that holds the record of a run.
  ///
  /// - Throws: `FileError.absent` or `.noRun`.
  public static func recorded(at path: String) throws(FileError) -> RunFolder {
    let run = try RunFolder(opening: path)
    guard FileManager.default.fileExists(atPath: run.experiment) else { throw .noRun(path: path) }
    return run
  }

  /// Removes the folder where a run ended before it had made anything.
  public func removeIfUntouched() {
    let files = FileManager.default
    let made = [samples, checkpoints].flatMap { (try? files.contentsOfDirectory(atPath: $0)) ?? [] }
    let lines = (try? files.attributesOfItem(atPath: statistics)[.size] as? Int) ?? 0
    guard made.allSatisfy({ $0.hasPrefix(".") }), lines == 0 else { return }
    try? files.removeItem(atPath: path)
  }

  /// Makes the folder with the next free number, and the folders in it.
  ///
  /// The number is one more than the largest in use. Two processes that start at once get two
  /// folders, because making a folder succeeds for one of them only.
  ///
  /// - Parameters:
  ///   - name: the experiment's name: letters, digits, `-`, `_` and `.`.
  ///   - root: the folder of all runs; made when absent.
  /// - Throws: `FileError`.
  public init(creating name: String, in root: String) throws(FileError) {
    guard RunFolder.isUsable(name) else { throw .unusableName(name) }
    try RunFolder.makeFolders(root)
    var number = (RunFolder.numbers(of: name, in: root).max() ?? 0) + 1
    while mkdir("\(root)/\(name)-\(number)", 0o777) != 0 {
      guard errno == EEXIST else { throw .current("make", "\(root)/\(name)-\(number)") }
      number += 1
    }
    path = "\(root)/\(name)-\(number)"
    for folder in [samples, checkpoints] { try RunFolder.makeFolders(folder) }
    try AtomicFile.syncFolder(root)
  }

  /// Whether an experiment's name can begin the name of a folder.
  static func isUsable(_ name: String) -> Bool {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
    }
    return isPlain && !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 200
  }

  /// Keeps other processes from working in the folder for as long as the result lives.
  ///
  /// - Throws: `FileError.inUse`.
  public func lock() throws(FileError) -> OpenFile {
    let folder = try OpenFile(path, for: .reading)
    try folder.lock()
    return folder
  }

  /// The experiment with every default filled in.
  public var experiment: String { "\(path)/experiment.json" }
  /// One object per report.
  public var statistics: String { "\(path)/statistics.jsonl" }
  /// One object per metric.
  public var metrics: String { "\(path)/metrics.jsonl" }
  /// What `workbench evaluate` measured, each time.
  public var evaluation: String { "\(path)/evaluation.json" }
  /// The report, one page.
  public var report: String { "\(path)/report.html" }
  /// The folder of sample grids.
  public var samples: String { "\(path)/samples" }
  /// The folder of checkpoints.
  public var checkpoints: String { "\(path)/checkpoints" }

  private static func numbers(of name: String, in root: String) -> [Int] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return entries.compactMap { entry in
      guard entry.hasPrefix("\(name)-") else { return nil }
      let digits = entry.dropFirst(name.count + 1)
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return Int(digits)
    }
  }

  /// Makes a folder and those above it, as far as they are absent.
  static func makeFolders(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    guard errno == ENOENT else { throw .current("make", path) }
    let above = AtomicFile.split(path).folder
    guard above != path, above != "." else { throw .absent(path: path) }
    try makeFolders(above)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .current("make", path) }
  }
}
