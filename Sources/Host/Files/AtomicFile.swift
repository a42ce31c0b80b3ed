import Foundation

/// Writes files that are either there as a whole or not at all.
///
/// The bytes go to a hidden file in the same folder, are forced to the device, and only then take
/// the final name, over an older file of that name. A crash at any moment, or a full disk, leaves
/// the old file or none; the hidden file is removed, by `removeLeftovers` after a crash.
public enum AtomicFile {
  private static let marker = ".partial-"

  /// Writes bytes under a name.
  ///
  /// - Throws: `FileError`; nothing has changed then.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    do {
      try write(to: path) { file in try file.write(bytes) }
    } catch let error as FileError {
      throw error
    } catch {
      preconditionFailure("[AtomicFile] writing bytes threw \(error)")
    }
  }

  /// Writes text under a name.
  ///
  /// - Throws: `FileError`; nothing has changed then.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes what a closure writes under a name, once the closure has returned.
  ///
  /// - Throws: `FileError`, or what the closure throws; nothing has changed then.
  public static func write(
    to path: String, _ body: (OpenFile) throws -> Void
  ) throws {
    let (folder, name) = split(path)
    let temporary = "\(folder)/.\(name)\(marker)\(getpid())"
    unlink(temporary)
    do {
      do {
        let file = try OpenFile(temporary, for: .creating)
        try body(file)
        try file.sync()
      }
      guard rename(temporary, path) == 0 else { throw FileError.current("replace", path) }
    } catch {
      unlink(temporary)
      throw renamed(error, from: temporary, to: path)
    }
    try syncFolder(folder)
  }

  /// Makes the names in a folder last through a crash of the machine.
  public static func syncFolder(_ path: String) throws(FileError) {
    try OpenFile(path, for: .reading).sync()
  }

  /// Removes hidden files that processes left behind which are no longer running.
  public static func removeLeftovers(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(".") {
      guard let range = name.range(of: marker, options: .backwards),
        let process = Int32(name[range.upperBound...]), process != getpid(),
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      unlink("\(folder)/\(name)")
    }
  }

  /// The folder and the name of a path.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  /// Errors speak of the name that the caller knows.
  private static func renamed(_ error: any Error, from: String, to path: String) -> any Error {
    switch error {
    case FileError.diskFull(from, let bytes): return FileError.diskFull(path: path, bytes: bytes)
    case FileError.refused(let operation, from, let reason):
      return FileError.refused(operation: operation, path: path, reason: reason)
    case FileError.absent(from): return FileError.absent(path: split(path).folder)
    default: return error
    }
  }
}
