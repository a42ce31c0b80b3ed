import Foundation
import PluginAPI

/// A tool, built with the settings of a command line.
struct ToolRun {
  /// The tool.
  let tool: any Tool

  /// Finds and builds a tool.
  ///
  /// - Parameters:
  ///   - id: its id.
  ///   - arguments: settings, `name=value`; for a list, each adds an element.
  ///   - catalog: what the plugins offer.
  ///   - image: what the model makes.
  /// - Throws: `Diagnostics` with every faulty setting, `ConfigurationError` where there is no such
  ///   tool.
  init(_ id: String, _ arguments: [String], _ catalog: Catalog, image: PluginAPI.Port?) throws {
    let tools = catalog.ids(of: .tool)
    guard let component = catalog.components[id], component.kind == .tool else {
      let found = catalog.components[id].map { "\(id) is \($0.kind.withArticle), no tool" }
      throw ConfigurationError(
        (found ?? "no loaded plugin offers the tool \"\(id)\"") + "; "
          + (NearestName.suggestion(for: id, among: tools) ?? "there are no tools"))
    }
    let written = try ToolRun.settings(arguments, component)
    let settings: Setting
    do {
      settings = try component.completed(written.setting)
    } catch let errors as HyperparameterErrors {
      throw Diagnostics(errors, in: written, path: JSONPath())
    }
    let ports = Resolution.portContext(bound: [:], image: image, catalog: catalog, parts: [:])
    let context = BuildContext(ports: ports, provided: [:]) {
      try Networks.slot($0, ports, catalog, [:])
    }
    guard let tool = try component.build(settings, in: context) as? any Tool else {
      preconditionFailure("[ToolRun] \(id) is no tool")
    }
    self.tool = tool
  }

  /// The settings as a tree; those of lists are gathered.
  private static func settings(
    _ arguments: [String], _ component: ComponentDescription
  ) throws -> JSONValue {
    var tree: JSONValue = [:]
    var lists: [String: [JSONValue]] = [:]
    for argument in arguments {
      let setting = try JSONOverride(parsing: argument, option: "--with")
      guard setting.path.steps.count == 1, case .key(let name)? = setting.path.steps.first else {
        try setting.apply(to: &tree)
        continue
      }
      let isList = component.hyperparameters.contains { $0.name == name && $0.type.hasPrefix("[") }
      if isList {
        lists[name, default: []] += setting.value.arrayValue ?? [setting.value]
        tree.set(setting.path, JSONValue(.array(lists[name] ?? []), at: setting.value.position))
      } else {
        tree.set(setting.path, setting.value)
      }
    }
    return tree
  }

  /// Whether a picture can be written under a name, before it is made.
  ///
  /// - Throws: `ConfigurationError` for another format, `FileError` where the folder is absent.
  static func check(_ path: String) throws {
    let ending = URL(filePath: path).pathExtension.lowercased()
    guard ["png", "apng", "jpg", "jpeg"].contains(ending) else {
      throw ConfigurationError(
        "\(path): found the ending \"\(ending)\", expected .png, .jpg or .jpeg")
    }
    _ = try RunFolder(opening: AtomicFile.split(path).folder)
  }

  /// Writes a picture, whole or not at all; returns what it is, in words.
  ///
  /// - Throws: `ConfigurationError` for a film under the name of a JPEG, or `FileError`.
  static func write(_ picture: Picture, to path: String) throws -> String {
    let isJPEG = path.lowercased().hasSuffix("jpg") || path.lowercased().hasSuffix("jpeg")
    switch picture {
    case .still(let image):
      try AtomicFile.write([UInt8](isJPEG ? image.jpeg() : image.png()), to: path)
      return "\(image.width)×\(image.height) pixels"
    case .film(let frames, let seconds):
      guard let first = frames.first, !isJPEG else {
        throw ConfigurationError(
          "\(path): found the name of a JPEG for a film of \(frames.count) images, expected .png")
      }
      try AtomicFile.write(
        [UInt8](Image.animatedPNG(frames, secondsPerFrame: seconds)), to: path)
      return "\(frames.count) images of \(first.width)×\(first.height) pixels"
    }
  }
}
