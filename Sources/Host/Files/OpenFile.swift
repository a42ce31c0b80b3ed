import Glibc

/// A file of the system, closed when the last reference to it goes.
///
/// Reading happens at offsets, so that one handle can serve several readers of a large file.
public final class OpenFile {
  /// What the file is opened for.
  public enum Purpose {
    /// Reading an existing file.
    case reading
    /// Writing a file that must not exist yet.
    case creating
    /// Writing to the end of a file, which is made when absent.
    case appending
  }

  /// The path it was opened at.
  public let path: String
  private let descriptor: Int32
  private var writeOffset = 0

  /// Opens a file.
  ///
  /// - Throws: `FileError`.
  public init(_ path: String, for purpose: Purpose) throws(FileError) {
    self.path = path
    let flags =
      switch purpose {
      case .reading: O_RDONLY
      case .creating: O_WRONLY | O_CREAT | O_EXCL
      case .appending: O_WRONLY | O_CREAT | O_APPEND
      }
    descriptor = open(path, flags | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw .current("open", path) }
  }

  deinit { close(descriptor) }

  /// The size in bytes.
  public func size() throws(FileError) -> Int {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw .current("examine", path) }
    return Int(information.st_size)
  }

  /// Reads values of a fixed size as they lie in the file (little endian, as this machine's).
  ///
  /// - Parameters:
  ///   - value: any value of the type; the result is filled with it before the reading.
  ///   - count: how many values.
  ///   - offset: of the first value's first byte.
  /// - Returns: exactly `count` values.
  /// - Throws: `FileError.truncated` when the file ends before.
  public func read<Value: BitwiseCopyable>(
    _ value: Value, count: Int, at offset: Int
  ) throws(FileError) -> [Value] {
    var values = [Value](repeating: value, count: count)
    var failure: FileError?
    values.withUnsafeMutableBytes { bytes in
      do throws(FileError) { try read(into: bytes, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
    return values
  }

  /// Fills memory with the bytes from `offset` on.
  ///
  /// - Throws: `FileError.truncated` when the file ends before.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) {
    var done = 0
    // The system hands out at most 2 GB at once.
    while done < bytes.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
      let more = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if more < 0 {
        guard errno == EINTR else { throw .current("read", path) }
        continue
      }
      guard more > 0 else {
        throw .truncated(path: path, offset: offset, expected: bytes.count, found: done)
      }
      done += more
    }
  }

  /// Reads the whole file, of at most so many bytes.
  ///
  /// - Throws: `FileError.tooLarge` above the limit.
  public func readAll(limit: Int) throws(FileError) -> [UInt8] {
    let size = try size()
    guard size <= limit else { throw .tooLarge(path: path, found: size, limit: limit) }
    return try read(UInt8(0), count: size, at: 0)
  }

  /// Writes values behind those written before (at the end, when opened for appending).
  public func write<Value: BitwiseCopyable>(_ values: [Value]) throws(FileError) {
    let stride = MemoryLayout<Value>.stride
    var rest = values
    while !rest.isEmpty {
      let written = pwrite(descriptor, rest, rest.count * stride, off_t(writeOffset))
      if written < 0 && errno == EINTR { continue }
      guard written >= 0 else { throw .current("write", path, bytes: values.count * stride) }
      // After a short write the value that was cut is written again as a whole.
      let whole = written / stride
      guard whole > 0 else { throw .diskFull(path: path, bytes: values.count * stride) }
      writeOffset += whole * stride
      if whole == rest.count { return }
      rest = Array(rest.dropFirst(whole))
    }
  }

  /// Cuts the file to so many bytes.
  public func truncate(to bytes: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw .current("truncate", path) }
  }

  /// Waits until everything written is on the device.
  public func sync() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw .current("write", path) }
  }

  /// Locks the file for this process until it is closed.
  ///
  /// - Throws: `FileError.inUse` when another handle holds the lock.
  public func lock() throws(FileError) {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { throw .inUse(path: path) }
      throw .current("lock", path)
    }
  }
}
