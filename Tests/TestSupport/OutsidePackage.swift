import Foundation
import Testing

/// Builds a plugin package of its own, against a copy of the core that a test may edit.
///
/// Copy and build folder are kept between runs, so that the core is compiled once.
public struct OutsidePackage {
  private let configuration: String
  private let package: String
  private let library: String
  /// Where copy and build folder lie.
  public let folder = "\(root)/.build-outside"
  /// The copy of the core.
  public var core: String { "\(folder)/Sources" }

  /// A package of this repository.
  ///
  /// - Parameters:
  ///   - package: its folder, relative to the root; the example by default.
  ///   - library: its product.
  ///   - configuration: release or debug.
  public init(
    _ package: String = "Examples/ThirdPartyPlugin", library: String = "ThirdParty",
    configuration: String = "release"
  ) {
    self.package = package
    self.library = library
    self.configuration = configuration
  }

  /// Brings the copy of the core up to date, adds `comment` to one of its files, and builds.
  ///
  /// - Returns: the plugin's library.
  /// - Throws: errors of the file system, or a failed expectation with what the compiler said.
  public func build(comment: String? = nil) throws -> String {
    try mirrorCore()
    if let comment {
      let file = URL(filePath: "\(core)/PluginAPI/Exports.swift")
      try (Data(contentsOf: file) + Data("// \(comment)\n".utf8)).write(to: file)
    }
    let result = try run(
      [
        "swift", "build", "-c", configuration, "--disable-build-manifest-caching",
        "--package-path", "\(root)/\(package)",
        "--scratch-path", "\(folder)/build",
      ],
      environment: ["WORKBENCH_CORE": core])
    try #require(result.status == 0, "\(result.output)")
    return "\(folder)/build/\(configuration)/lib\(library).so"
  }

  /// Copies what differs only, so that unchanged files keep their times and aren't compiled again.
  ///
  /// - Throws: errors of the file system.
  public func mirrorCore() throws {
    let source = "\(root)/Sources"
    let files = try paths(in: source)
    for path in try paths(in: core) where !files.contains(path) {
      try FileManager.default.removeItem(atPath: "\(core)/\(path)")
    }
    for path in files {
      let target = "\(core)/\(path)"
      if FileManager.default.contentsEqual(atPath: "\(source)/\(path)", andPath: target) {
        continue
      }
      let parent = URL(filePath: target).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      try Data(contentsOf: URL(filePath: "\(source)/\(path)")).write(to: URL(filePath: target))
    }
  }

  /// The files of the core, relative to its folder; host and executable are no part of it.
  private func paths(in folder: String) throws -> Set<String> {
    let kinds: Set = ["swift", "c", "h", "modulemap"]
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return Set(
      all.filter { path in
        kinds.contains(URL(filePath: path).pathExtension)
          && ![".", "Host/", "Workbench/"].contains { path.hasPrefix($0) }
      })
  }
}
