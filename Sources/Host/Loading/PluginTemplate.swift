import Foundation

/// Makes a new plugin from the example in the checkout, which the tests build and train.
public struct PluginTemplate {
  private let example: String
  private let core: String

  /// Takes the example that lies beside `core`, the checkout's `Sources/`.
  public init(core: String) {
    self.core = core
    example =
      URL(filePath: core).deletingLastPathComponent()
      .appending(path: "Examples/ThirdPartyPlugin").path
  }

  /// Writes a package named `name` into a new folder of that name in `parent`.
  ///
  /// - Parameters:
  ///   - name: the package's and the library's name, such as `MyGenerator`; the plugin's id is the
  ///     same in lower case with hyphens, `my-generator`.
  ///   - parent: an existing folder.
  /// - Returns: the new folder and the files in it, relative to it, sorted.
  /// - Throws: `PluginBuildError.unusableName`, or errors of the file system.
  public func write(
    _ name: String, in parent: String
  ) throws -> (folder: String, files: [String]) {
    guard name.wholeMatch(of: /[A-Z][A-Za-z0-9]*/) != nil else {
      throw PluginBuildError.unusableName(
        name, reason: "a plugin's name begins with a capital and has letters and digits only")
    }
    let folder = URL(filePath: parent).appending(path: name).path
    let manager = FileManager.default
    guard !manager.fileExists(atPath: folder) else {
      throw PluginBuildError.unusableName(folder, reason: "there is such a folder already")
    }
    let names = [
      ("../../Sources", core), ("ThirdParty", name), ("third-party", Self.id(of: name)),
    ]
    let files = try manager.subpathsOfDirectory(atPath: example)
      .filter { ["swift", "md", "json"].contains(URL(filePath: $0).pathExtension) }
      .filter { !$0.hasPrefix(".") && !$0.hasPrefix("runs/") }
    for file in files {
      var text = try String(contentsOfFile: "\(example)/\(file)", encoding: .utf8)
      var target = "\(folder)/\(file)"
      for (old, new) in names {
        text = text.replacing(old, with: new)
        if old == "ThirdParty" { target = "\(folder)/\(file.replacing(old, with: new))" }
      }
      try manager.createDirectory(
        at: URL(filePath: target).deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(toFile: target, atomically: true, encoding: .utf8)
    }
    return (folder, files.map { $0.replacing("ThirdParty", with: name) }.sorted())
  }

  /// `MyGenerator` becomes `my-generator`, `GAN2` `gan2`.
  static func id(of name: String) -> String {
    name.replacing(/([a-z0-9])([A-Z])/) { "\($0.1)-\($0.2)" }.lowercased()
  }
}
