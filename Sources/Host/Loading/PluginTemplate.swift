import Foundation
import PluginAPI

/// Makes a new plugin from the example in the checkout, which has a component of every kind and which
/// the tests build, validate and train.
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
  ///   - kinds: the kinds of its components, one each; the experiment uses the first.
  ///   - parent: a folder, made where it is absent.
  /// - Returns: the new folder and the files in it, relative to it, sorted.
  /// - Throws: `PluginBuildError.unusableName`, or errors of the file system.
  public func write(
    _ name: String, kinds: [ComponentKind] = [.generator], in parent: String
  ) throws -> (folder: String, files: [String]) {
    guard name.wholeMatch(of: /[A-Z][A-Za-z0-9]*/) != nil else {
      throw PluginBuildError.unusableName(
        name, reason: "a plugin's name begins with a capital and has letters and digits only")
    }
    guard !Self.taken.contains(name) else {
      throw PluginBuildError.unusableName(
        name, reason: "a part of the core is called that; choose another name")
    }
    let folder = URL(filePath: parent).appending(path: name).path
    let manager = FileManager.default
    guard !manager.fileExists(atPath: folder) else {
      throw PluginBuildError.unusableName(folder, reason: "there is such a folder already")
    }
    let names = [
      ("../../Sources", core), ("ThirdParty", name), ("third-party", Self.id(of: name)),
    ]
    var files: [String] = []
    for (file, contents) in try contents(kinds) {
      var (path, text) = (file, contents)
      for (old, new) in names { text = text.replacing(old, with: new) }
      path = path.replacing("ThirdParty", with: name)
      let target = "\(folder)/\(path)"
      try manager.createDirectory(
        at: URL(filePath: target).deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(toFile: target, atomically: true, encoding: .utf8)
      files.append(path)
    }
    return (folder, files.sorted())
  }

  /// The files of a package with these kinds, under the example's name.
  private func contents(_ kinds: [ComponentKind]) throws -> [String: String] {
    func read(_ file: String) throws -> String {
      try String(contentsOfFile: "\(example)/\(file)", encoding: .utf8)
    }
    let (sources, tests) = ("Sources/ThirdParty", "Tests/ThirdPartyTests")
    // Nothing that comes with the workbench reads noise.
    let kinds = kinds.contains(.latent) ? kinds + [.generator] : kinds
    let template = try read("\(sources)/Plugin.swift")
    var (plugin, summary) = (template, "")
    var files: [String: String] = [:]
    let line = #/ +\.component\(\s*"([a-z-]+)",\s*"([^"]*)",\s*(\w+)\.self\),\n/#
    // From the end, so that what was found before stays where it was found.
    for component in template.matches(of: line).reversed() {
      let (_, kind, sentence, type) = component.output
      guard kinds.contains(where: { $0.rawValue == kind }) else {
        plugin.removeSubrange(component.range)
        continue
      }
      let file = "\(sources)/\(type).swift"
      files[file] = try read(file)
      files["\(tests)/\(type)Tests.swift"] = try read("\(tests)/\(type)Tests.swift")
      if kind == kinds[0].rawValue { summary = String(sentence) }
    }
    files["\(sources)/Plugin.swift"] = plugin.replacing(
      "One small component of every kind, to begin from.", with: summary)
    for file in ["Package.swift", "README.md", "\(tests)/Context.swift"] {
      files[file] = try read(file)
    }
    files["experiment.json"] = try read("experiments/\(kinds[0].rawValue).json")
    return files
  }

  /// The core's modules and products, beside which no package can have one of the same name.
  private static let taken: Set = [
    "Kernels", "Tensor", "Layers", "Images", "PluginAPI", "WorkbenchCore", "CoreStamp",
  ]

  /// `MyGenerator` becomes `my-generator`, `GAN2` `gan2`.
  static func id(of name: String) -> String {
    name.replacing(/([a-z0-9])([A-Z])/) { "\($0.1)-\($0.2)" }.lowercased()
  }
}
