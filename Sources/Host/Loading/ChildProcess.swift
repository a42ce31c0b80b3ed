import Foundation

/// This executable run once more, with a hidden command, for what may crash, hang or exit.
///
/// The child answers with a line of JSON on its standard output, and is killed at the end of the
/// time limit.
struct ChildProcess {
  /// The host's own file.
  let executable: String
  /// The time limit.
  let seconds: Double

  /// How a child ended and what it said.
  struct Ending {
    /// `was killed by signal 6 (Aborted)`, `called exit(0) before it had answered`, ….
    let words: String
    /// What it wrote on its standard output.
    let output: String
    /// What it wrote on its standard error.
    let error: String
    /// The signal that ended it, unless it had to be killed.
    let signal: Int32?

    /// The last line that is an answer of this type.
    func answer<Answer: Decodable>(_ type: Answer.Type) -> Answer? {
      guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }) else {
        return nil
      }
      return try? JSONDecoder().decode(type, from: Data(line.utf8))
    }

    /// How it ended, with its last lines where it said something.
    var account: String {
      // The answer's own line, and the addresses that a runtime of debugging adds, say nothing.
      let lines = (output + error).split(separator: "\n").filter { line in
        !line.hasPrefix("{") && line.firstMatch(of: #/^\d+ .* 0x[0-9a-f]+ /#) == nil
          && line != "Current stack trace:"
      }
      guard !lines.isEmpty else { return words }
      return words + "; it wrote: " + lines.suffix(4).joined(separator: " | ")
    }
  }

  /// Runs `executable arguments…` to its end.
  ///
  /// - Throws: errors of the file system, or of starting a process.
  func run(_ arguments: [String]) throws -> Ending {
    let folder = FileManager.default.temporaryDirectory.appending(path: "workbench-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (out, error) = (folder.appending(path: "out"), folder.appending(path: "error"))
    let outputs = [try Self.file(out), try Self.file(error)]
    // Foundation keeps them open for as long as it keeps the process, which may be for ever.
    defer { for output in outputs { try? output.close() } }
    let child = Process()
    child.executableURL = URL(filePath: executable)
    child.arguments = arguments
    child.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { _, new in new }
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = outputs[0]
    child.standardError = outputs[1]
    let ended = DispatchSemaphore(value: 0)
    child.terminationHandler = { _ in ended.signal() }
    try child.run()
    let isTimeout = ended.wait(timeout: .now() + seconds) == .timedOut
    if isTimeout {
      kill(child.processIdentifier, SIGKILL)
      ended.wait()
    }
    return Ending(
      words: isTimeout ? "had not answered after \(seconds) seconds" : Self.words(child),
      output: Self.text(at: out), error: Self.text(at: error),
      signal: isTimeout || child.terminationReason == .exit ? nil : child.terminationStatus)
  }

  /// The child's side: what a plugin prints by the megabyte, or leaves when it crashes, doesn't fill
  /// the disk.
  ///
  /// - Parameter fileBytes: the largest file that may be written.
  static func limitFiles(to fileBytes: UInt = 1 << 24) {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    var some = rlimit(rlim_cur: fileBytes, rlim_max: fileBytes)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &some)
  }

  /// The child's side: prints the answer and ends the process.
  static func answer(_ answer: some Encodable) -> Never {
    if let line = try? JSONEncoder().encode(answer) {
      FileHandle.standardOutput.write(Data("\n".utf8) + line + Data("\n".utf8))
    }
    // Not `exit`: what a plugin has registered for the end isn't wanted.
    _exit(0)
  }

  private static func words(_ child: Process) -> String {
    let status = child.terminationStatus
    if child.terminationReason == .uncaughtSignal {
      return "was killed by signal \(status) (\(String(cString: strsignal(status))))"
    }
    return "called exit(\(status)) before it had answered"
  }

  private static func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  private static func text(at url: URL) -> String {
    (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
