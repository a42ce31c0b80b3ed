import Foundation

/// Compiles a plugin's package, tries the result, and puts it where the host looks.
///
/// All plugins share one build folder, in which the core is compiled once; it is never the host's
/// own, whose core must not change while it runs.
public struct PluginBuilder {
  private let core: String
  private let scratch: String
  private let probe: PluginProbe

  /// Creates a builder.
  ///
  /// - Parameters:
  ///   - core: the core's package, see `CoreLocation`.
  ///   - scratch: the shared build folder.
  ///   - probe: tries what was built.
  public init(
    core: String, scratch: String = VerdictCache.standardFolder() + "/build",
    probe: PluginProbe = PluginProbe()
  ) {
    self.core = core
    self.scratch = scratch
    self.probe = probe
  }

  /// Where built plugins go, one of the folders of the standard search path.
  public static func standardFolder(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    environment["HOME"].map { "\($0)/.local/share/workbench/plugins" }
  }

  /// Builds the package in `folder` and copies its plugins into `destination`.
  ///
  /// What the compiler says goes to this process's own output.
  ///
  /// - Returns: each plugin's file in `destination`, with its description.
  /// - Throws: `PluginBuildError`, or the `PluginError` of a plugin that was built and doesn't fit;
  ///   nothing is copied then.
  public func build(
    _ folder: String, into destination: String
  ) throws -> [(path: String, summary: PluginSummary)] {
    let folder = URL(filePath: folder).path
    guard FileManager.default.fileExists(atPath: "\(folder)/Package.swift") else {
      throw PluginBuildError.noPackage(folder: folder)
    }
    let package = ["--package-path", folder, "--scratch-path", scratch]
    // The package manager watches the folders of the plugin only; without its cache it notices
    // files that came into the core or left it.
    let build = ["-c", "release", "--disable-build-manifest-caching"]
    try swift(["build"] + build + package)
    let names = try libraries(in: package)
    guard !names.isEmpty else { throw PluginBuildError.noLibrary(folder: folder) }

    let built = names.map { "\(scratch)/release/lib\($0).so" }
    let summaries = try built.map { path in
      switch probe.describe(path) {
      case .described(let summary): return summary
      case .refused(let error): throw error
      }
    }
    return try zip(built, summaries).map { (try install($0, in: destination), $1) }
  }

  /// The names of the package's dynamic libraries.
  private func libraries(in package: [String]) throws -> [String] {
    let manifest = try swift(["package"] + package + ["dump-package"], captured: true)
    struct Manifest: Decodable {
      struct Product: Decodable {
        struct Kind: Decodable { let library: [String]? }
        let name: String
        let type: Kind
      }
      let products: [Product]
    }
    return try JSONDecoder().decode(Manifest.self, from: manifest).products
      .filter { $0.type.library == ["dynamic"] }.map(\.name)
  }

  /// Copies beside the place and moves over it: a host that starts meanwhile sees the old file or
  /// the new one.
  private func install(_ path: String, in folder: String) throws -> String {
    let target = URL(filePath: folder).appending(path: URL(filePath: path).lastPathComponent).path
    let partial = "\(target).\(getpid())"
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? files.removeItem(atPath: partial)
    try files.copyItem(atPath: path, toPath: partial)
    guard chmod(partial, 0o755) == 0, rename(partial, target) == 0 else {
      throw PluginBuildError.notInstalled(path: target, reason: String(cString: strerror(errno)))
    }
    return target
  }

  /// Runs the package manager to its end.
  @discardableResult
  private func swift(_ arguments: [String], captured: Bool = false) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift"] + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["WORKBENCH_CORE": core]) { _, new in new }
    let pipe = Pipe()
    if captured { process.standardOutput = pipe }
    try process.run()
    let output = captured ? pipe.fileHandleForReading.readDataToEndOfFile() : Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw PluginBuildError.failed(
        command: "swift " + arguments.joined(separator: " "), status: process.terminationStatus)
    }
    return output
  }
}

/// Why no plugin was built.
public enum PluginBuildError: Error, Hashable, CustomStringConvertible {
  /// The core's sources are nowhere.
  case noCore(tried: [String])
  /// The folder holds no package.
  case noPackage(folder: String)
  /// The package has no dynamic library, so nothing a host could load.
  case noLibrary(folder: String)
  /// A command ended with a status other than zero.
  case failed(command: String, status: Int32)
  /// The plugin couldn't be put in its place.
  case notInstalled(path: String, reason: String)
  /// A plugin's name or folder that can't be used.
  case unusableName(String, reason: String)

  /// What happened and what to do about it.
  public var description: String {
    switch self {
    case .noCore(let tried):
      "the workbench's Sources/ were not found in \(tried.joined(separator: ", ")); "
        + "say where they are with WORKBENCH_CORE=/path/to/Sources"
    case .noPackage(let folder):
      "\(folder): no Package.swift; make a plugin with: workbench plugin new NAME"
    case .noLibrary(let folder):
      "\(folder): the package has no product .library(name: …, type: .dynamic, …)"
    case .failed(let command, 127): "no Swift toolchain on the PATH, for: \(command)"
    case .failed(let command, let status): "exit status \(status): \(command)"
    case .notInstalled(let path, let reason): "\(path): not written: \(reason)"
    case .unusableName(let name, let reason): "\(name): \(reason)"
    }
  }
}
