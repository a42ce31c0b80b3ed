import Foundation
import PluginAPI

@testable import Host

/// The experiments of this folder, read and resolved against the stubs.
enum PaperExperiment {
  static let names = [
    "bicyclegan", "deformable", "dscgan", "fine-grained-attributes", "mixed", "sem-disc",
    "semantic-cgan", "slnp", "smis", "ssa-gan",
  ]

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Experiments")

  /// The value tree of an experiment, changed as `--set` would.
  ///
  /// - Throws: `Diagnostics` for a fault of form.
  static func tree(_ name: String, setting overrides: [String] = []) throws -> JSONValue {
    let data = try Data(contentsOf: folder.appending(path: "\(name).json5"))
    var root = try JSONValue(SourceText(bytes: Array(data), name: "\(name).json5"))
    try JSONOverride.apply(overrides, to: &root)
    return root
  }

  /// An experiment of this folder, resolved.
  ///
  /// - Throws: `Diagnostics` with every fault.
  static func resolved(_ name: String, setting overrides: [String] = []) throws -> Resolution {
    try resolved(try tree(name, setting: overrides))
  }

  /// A tree, resolved.
  ///
  /// - Throws: `Diagnostics` with every fault.
  static func resolved(_ root: JSONValue) throws -> Resolution {
    let catalog = try StubCatalog.all()
    let reader = ExperimentReader(procedures: try catalog.parsedProcedures())
    return try Resolution(try reader.read(root), with: catalog, root: root)
  }

  /// The sentences with which an experiment is refused, in the order of the text.
  ///
  /// - Throws: whatever is no list of faults.
  static func faults(_ name: String, setting overrides: [String]) throws -> [String] {
    try faults(try tree(name, setting: overrides))
  }

  /// The sentences with which a tree is refused.
  ///
  /// - Throws: whatever is no list of faults.
  static func faults(_ root: JSONValue) throws -> [String] {
    do {
      _ = try resolved(root)
      return []
    } catch let diagnostics as Diagnostics {
      return diagnostics.faults.map(\.sentence)
    }
  }
}

extension Resolution {
  /// What a part's port is bound to, in words: source, adapters, port.
  func binding(_ path: String, _ port: String) -> String? {
    parts[path]?.bindings[port].map(Resolution.words)
  }

  /// The same for a port of the generator in one generation.
  func generationBinding(_ name: String, _ port: String) -> String? {
    generations[name]?[port].map(Resolution.words)
  }

  /// Where a discriminator's real image comes from.
  func realImage(_ path: String) -> String? { judgedImages[path].map { Resolution.words($0.real) } }

  static func words(_ binding: Binding) -> String {
    let via = binding.adapters.map { " via \($0.id)" }.joined()
    return "\(binding.source)\(via) \(binding.port)"
  }
}
