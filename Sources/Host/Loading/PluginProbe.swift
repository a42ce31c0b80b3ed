import Foundation

/// Loads and describes a plugin in a child process, where it may crash, trap, hang or exit.
///
/// The child is this executable with a hidden command. It answers with one line of JSON on its
/// standard output, and is killed at the end of the time limit.
public struct PluginProbe: Sendable {
  /// The hidden command: `workbench __describe PATH`.
  public static let command = "__describe"

  private let executable: String
  private let seconds: Double

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - executable: the host's own file.
  ///   - seconds: the time limit, generous because a machine may be busy.
  public init(executable: String = PluginSearchPath.currentExecutable, seconds: Double = 20) {
    self.executable = executable
    self.seconds = seconds
  }

  /// Describes the plugin at `path`, whatever it does.
  public func describe(_ path: String) -> PluginVerdict {
    let folder = FileManager.default.temporaryDirectory.appending(path: "workbench-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let run = try run(path, in: folder)
      let output = Self.text(at: folder.appending(path: "out"))
      if let line = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }),
        let verdict = try? JSONDecoder().decode(PluginVerdict.self, from: Data(line.utf8))
      {
        return verdict
      }
      let lines = (output + Self.text(at: folder.appending(path: "error"))).split(separator: "\n")
      let said = lines.isEmpty ? "" : "; it wrote: " + lines.suffix(4).joined(separator: " | ")
      return .refused(Self.died(path, run + said))
    } catch {
      return .refused(Self.died(path, "could not be tried: \(error.localizedDescription)"))
    }
  }

  /// The child's side: loads the plugin at `path`, prints the verdict, and ends the process.
  ///
  /// The parent has looked at the file's permissions.
  public static func answer(for path: String) -> Never {
    // What a plugin prints by the megabyte, or leaves when it crashes, doesn't fill the disk.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    var some = rlimit(rlim_cur: 1 << 24, rlim_max: 1 << 24)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &some)
    var verdict: PluginVerdict
    do {
      let plugin = try PluginLoader(trust: .anyone).load(path)
      verdict = .described(PluginSummary(plugin.description))
    } catch let error as PluginError {
      verdict = .refused(error)
    } catch {
      verdict = .refused(died(path, error.localizedDescription))
    }
    if let line = try? JSONEncoder().encode(verdict) {
      FileHandle.standardOutput.write(Data("\n".utf8) + line + Data("\n".utf8))
    }
    // Not `exit`: what a plugin has registered for the end isn't wanted.
    _exit(0)
  }

  /// How the child ended.
  private func run(_ path: String, in folder: URL) throws -> String {
    let child = Process()
    child.executableURL = URL(filePath: executable)
    child.arguments = [Self.command, path]
    child.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { _, new in new }
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = try Self.file(folder.appending(path: "out"))
    child.standardError = try Self.file(folder.appending(path: "error"))
    let ended = DispatchSemaphore(value: 0)
    child.terminationHandler = { _ in ended.signal() }
    try child.run()
    if ended.wait(timeout: .now() + seconds) == .timedOut {
      kill(child.processIdentifier, SIGKILL)
      ended.wait()
      return "had not answered after \(seconds) seconds"
    }
    let status = child.terminationStatus
    if child.terminationReason == .uncaughtSignal {
      return "was killed by signal \(status) (\(String(cString: strsignal(status))))"
    }
    return "called exit(\(status)) before it had answered"
  }

  private static func died(_ path: String, _ how: String) -> PluginError {
    PluginError(.died, path, found: "the process \(how)", expected: "a description in time")
  }

  private static func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  private static func text(at url: URL) -> String {
    (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
