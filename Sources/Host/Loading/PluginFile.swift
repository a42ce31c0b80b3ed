import Foundation

/// A plugin's file: what a run records of it, and what the cache recognises it by.
public struct PluginFile: Hashable, Codable, Sendable {
  /// Absolute, without symbolic links.
  public let path: String
  /// In bytes.
  public let size: Int
  /// Of the last change, in nanoseconds since 1970.
  public let modified: Int
  /// SHA-256 of the file's bytes, hexadecimal.
  public let hash: String

  /// Who may have written a plugin that is loaded: a plugin is code that runs with the user's rights.
  public enum Trust: Sendable {
    /// Refuses a file that every user of the machine may write.
    case owner
    /// Takes any file.
    case anyone

    /// The owner's, unless `WORKBENCH_TRUST_WRITABLE_PLUGINS` is `1`.
    public static func standard(
      environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Trust {
      environment["WORKBENCH_TRUST_WRITABLE_PLUGINS"] == "1" ? .anyone : .owner
    }
  }

  /// Checks that `path` is a shared library of this machine that not just anybody may write.
  ///
  /// - Throws: `PluginError`.
  public init(at path: String, trust: Trust = .owner) throws(PluginError) {
    let (path, status) = try Self.status(of: path)
    try Self.checkWriters(of: path, trust: trust)
    guard let bytes = FileManager.default.contents(atPath: path).map([UInt8].init) else {
      throw Self.absent(path)
    }
    try ELFHeader.check(bytes, of: path)
    self.path = path
    size = Int(status.st_size)
    modified = Self.modified(status)
    hash = SHA256.hex(of: bytes)
  }

  /// Whether the file on disk still has the size and time recorded here.
  public var isUnchanged: Bool {
    guard let (path, status) = try? Self.status(of: path) else { return false }
    return path == self.path && Int(status.st_size) == size && Self.modified(status) == modified
  }

  /// Whether a library's bytes lack the name of the entry point: a cheap way to pass by libraries
  /// that are no plugins, such as the core. Only `dlsym` says for certain.
  static func isOtherLibrary(at path: String) -> Bool {
    guard let file = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
      file.starts(with: [0x7f] + "ELF".utf8)
    else { return false }
    return file.range(of: Data("\0\(PluginLoader.entryPoint)\0".utf8)) == nil
  }

  /// The stamp among a library's bytes, which its entry would pass to the host.
  static func stamp(at path: String) -> String? {
    guard let file = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
      let end = file.range(of: Data(" Swift version ".utf8))?.lowerBound
    else { return nil }
    return String(bytes: file[..<end].suffix(CoreStamp.hash.utf8.count), encoding: .ascii)
  }

  private static func status(
    of path: String
  ) throws(PluginError) -> (path: String, status: stat) {
    var status = stat()
    guard let real = realpath(path, nil) else { throw Self.absent(path) }
    defer { free(real) }
    let resolved = String(cString: real)
    guard stat(resolved, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Self.absent(path)
    }
    return (resolved, status)
  }

  private static func modified(_ status: stat) -> Int {
    status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }

  /// Looks at the file and at its folder: who may write the folder may exchange the file, unless
  /// the folder is sticky; then anybody may still put files of their own there.
  static func checkWriters(of path: String, trust: Trust) throws(PluginError) {
    guard trust == .owner else { return }
    let (path, file) = try status(of: path)
    if file.st_mode & S_IWOTH != 0 { throw writable(path, file) }
    var folder = stat()
    let folderPath = URL(filePath: path).deletingLastPathComponent().path
    guard stat(folderPath, &folder) == 0 else { return }
    guard folder.st_mode & S_IWOTH != 0 else { return }
    let isOwn = file.st_uid == getuid() || file.st_uid == 0
    if folder.st_mode & S_ISVTX == 0 || !isOwn { throw writable(folderPath, folder) }
  }

  private static func writable(_ path: String, _ status: stat) -> PluginError {
    PluginError(
      .writableByOthers, path, found: "mode \(String(status.st_mode & 0o7777, radix: 8))",
      expected: "no write permission for others")
  }

  private static func absent(_ path: String) -> PluginError {
    PluginError(
      .absentFile, path, found: "nothing, or no regular file", expected: "a shared library")
  }
}
