import Glibc

/// A file that cannot be read or written as asked.
public enum FileError: Error, Sendable, Equatable {
  /// The path leads nowhere.
  case absent(path: String)
  /// The system refused an operation.
  case refused(operation: String, path: String, reason: String)
  /// The device or quota is full; nothing stands under the final name.
  case diskFull(path: String, bytes: Int)
  /// The file ends before what was asked for.
  case truncated(path: String, offset: Int, expected: Int, found: Int)
  /// The file is larger than what this reader takes.
  case tooLarge(path: String, found: Int, limit: Int)
  /// The name cannot be used in a path.
  case unusableName(String)
  /// A folder without the record of a run.
  case noRun(path: String)
  /// Another process has locked the folder.
  case inUse(path: String)
  /// A line of a JSON Lines file is no JSON value.
  case malformedLine(path: String, line: Int, reason: String)

  /// The error for the system's current error number.
  static func current(_ operation: String, _ path: String, bytes: Int = 0) -> FileError {
    let number = errno
    switch number {
    case ENOENT, ENOTDIR: return .absent(path: path)
    case EISDIR:
      return .refused(operation: operation, path: path, reason: "it is a folder, no file")
    case ENOSPC, EDQUOT: return .diskFull(path: path, bytes: bytes)
    default:
      return .refused(operation: operation, path: path, reason: String(cString: strerror(number)))
    }
  }
}

extension FileError: CustomStringConvertible {
  /// The file, what is wrong, and the cure.
  public var description: String {
    switch self {
    case .absent(let path):
      return "\(path): there is no such file or folder; check the path"
    case .refused(let operation, let path, let reason):
      return "\(path): cannot \(operation): \(reason)"
    case .diskFull(let path, let bytes):
      let size = bytes > 0 ? " while writing \(FileError.size(bytes))" : ""
      return "\(path): the disk is full\(size); nothing was changed under this name; "
        + "free some space and resume"
    case .truncated(let path, let offset, let expected, let found):
      return "\(path): the file is truncated: \(expected) bytes expected at offset \(offset), "
        + "found \(found)"
    case .tooLarge(let path, let found, let limit):
      return "\(path): \(FileError.size(found)) found, at most \(FileError.size(limit)) expected"
    case .unusableName(let name):
      return "\"\(name)\" cannot be the name of a run; use letters, digits, - _ and ."
    case .noRun(let path):
      return "\(path): this is no run folder, since it has no experiment.json; "
        + "`workbench train` makes one, such as runs/aviary-mixed-1"
    case .inUse(let path):
      return "\(path): another process is working in this folder; stop it first"
    case .malformedLine(let path, let line, let reason):
      return "\(path):\(line): the line is not JSON: \(reason); remove the line"
    }
  }

  /// A number of bytes in words.
  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<10_000: "\(bytes) bytes"
    case ..<10_000_000: "\(bytes / 1000) kB"
    default: "\(bytes / 1_000_000) MB"
    }
  }
}
