import Foundation

/// Compiles a plugin's package, tries the result, and puts it where the host looks.
///
/// All plugins share one build folder, in which the core is compiled once; it is never the host's
/// own, whose core must not change while it runs.
public struct PluginBuilder {
  private let core: String
  private let scratch: String
  private let installer: PluginInstaller

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
    installer = PluginInstaller(probe: probe)
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
  /// - Parameters:
  ///   - folder: the package's.
  ///   - destination: a folder, made where it is absent.
  ///   - tests: whether its tests are run first, in a debug build; those that fail are a reason to
  ///     stop.
  ///   - catalog: the plugins there are, of which none may have the same id; `nil` to ask nobody.
  /// - Returns: each plugin's file in `destination`, with its description and what it replaced.
  /// - Throws: `PluginBuildError`, or the `PluginError` of a plugin that was built and doesn't fit;
  ///   nothing is copied then.
  public func build(
    _ folder: String, into destination: String, testing tests: Bool = false,
    beside catalog: PluginCatalog? = nil
  ) throws -> [PluginInstaller.Installed] {
    let folder = URL(filePath: folder).path
    guard FileManager.default.fileExists(atPath: "\(folder)/Package.swift") else {
      throw PluginBuildError.noPackage(folder: folder)
    }
    let package = ["--package-path", folder, "--scratch-path", scratch]
    // The package manager watches the folders of the plugin only; without its cache it notices
    // files that came into the core or left it.
    let watch = "--disable-build-manifest-caching"
    // Tensors belong to one thread at a time.
    if tests { try swift(["test", watch, "--no-parallel"] + package) }
    try swift(["build", "-c", "release", watch] + package)
    let names = try libraries(in: package)
    guard !names.isEmpty else { throw PluginBuildError.noLibrary(folder: folder) }

    let built = names.map { "\(scratch)/release/lib\($0).so" }
    // All are tried before the first is copied.
    for path in built { _ = try installer.described(path) }
    return try built.map { try installer.install($0, in: destination, beside: catalog) }
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

  /// Runs the package manager to its end.
  @discardableResult
  private func swift(_ arguments: [String], captured: Bool = false) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift"] + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["WORKBENCH_CORE": core]) { _, new in new }
    let pipe = Pipe()
    defer { try? pipe.fileHandleForReading.close() }
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
