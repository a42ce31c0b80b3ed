import ArgumentParser
import Foundation
import PluginAPI

/// The file of an experiment and changes to it, shared by every command that reads one.
struct ExperimentArguments: ParsableArguments {
  @Argument(
    help: "The experiment file: JSON with comments and trailing commas allowed.")
  var file = "workbench.json"

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change a value of the file, such as losses.0.weight=5 or generator.use=semantic-cgan/unet. May be repeated.",
      valueName: "path=value"))
  var overrides: [String] = []

  /// Reads the file, loads the plugins and resolves the experiment.
  ///
  /// - Throws: ``Diagnostics`` with every fault of the file, or the errors of plugins.
  func open() throws -> OpenExperiment {
    try OpenExperiment(file: file, overrides: overrides)
  }
}

/// An experiment that was read and resolved.
struct OpenExperiment {
  /// The value tree, overrides applied.
  let root: JSONValue
  /// The plugins in this process.
  let registry: Registry
  /// The experiment, resolved.
  let resolution: Resolution

  /// Reads and resolves an experiment file.
  init(file: String, overrides: [String] = []) throws {
    let bytes = try OpenFile(file, for: .reading).readAll(limit: 64 << 20)
    var root = try JSONValue(SourceText(bytes: bytes, name: file))
    try JSONOverride.apply(overrides, to: &root)
    try self.init(root)
  }

  /// Resolves an experiment's tree.
  init(_ root: JSONValue) throws {
    self.root = root
    (registry, resolution) = try PluginCatalog().using { registry in
      let catalog = Catalog(registry)
      let reader = ExperimentReader(procedures: try catalog.parsedProcedures())
      return (registry, try Resolution(try reader.read(root), with: catalog, root: root))
    }
  }
}

extension Catalog {
  /// Everything the loaded plugins offer.
  init(_ registry: Registry) {
    self.init(registry.plugins.values.map(\.description))
  }
}

extension PluginCatalog {
  /// Calls `body` with every usable plugin; where it fails, the plugins that aren't usable may be
  /// the reason, and are shown.
  func using<Result>(_ body: (Registry) throws -> Result) throws -> Result {
    let registry = try loadAll()
    do {
      return try body(registry)
    } catch {
      for fault in faults { complain("\(fault)") }
      throw error
    }
  }
}

/// Writes a complaint to the standard error.
func complain(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}
