import Foundation

/// Loads and describes a plugin in a child process, where it may crash, trap, hang or exit.
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
    do {
      let ending = try ChildProcess(executable: executable, seconds: seconds)
        .run([Self.command, path])
      return ending.answer(PluginVerdict.self) ?? .refused(Self.died(path, ending.account))
    } catch {
      return .refused(
        PluginError(
          .untried, path, found: error.localizedDescription, expected: "a process that tries it"))
    }
  }

  /// The child's side: loads the plugin at `path`, prints the verdict, and ends the process.
  ///
  /// The parent has looked at the file's permissions.
  public static func answer(for path: String) -> Never {
    ChildProcess.limitFiles()
    var verdict: PluginVerdict
    do {
      let plugin = try PluginLoader(trust: .anyone).load(path)
      verdict = .described(PluginSummary(plugin.description))
    } catch let error as PluginError {
      verdict = .refused(error)
    } catch {
      verdict = .refused(died(path, error.localizedDescription))
    }
    ChildProcess.answer(verdict)
  }

  private static func died(_ path: String, _ how: String) -> PluginError {
    PluginError(.died, path, found: "the process \(how)", expected: "a description in time")
  }
}
