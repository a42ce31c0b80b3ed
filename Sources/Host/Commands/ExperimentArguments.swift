import ArgumentParser
import Foundation
import PluginAPI

/// The file of an experiment and changes to it, shared by every command that reads one.
struct ExperimentArguments: ParsableArguments {
  @Argument(
    help:
      "The experiment file, workbench.json if absent: JSON with comments and trailing commas allowed."
  )
  var file: String?

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
    try OpenExperiment(file: file ?? "workbench.json", overrides: overrides)
  }
}

/// An experiment that was read and resolved.
struct OpenExperiment {
  /// The value tree, overrides applied.
  let root: JSONValue
  /// The plugins in this process.
  let registry: Registry
  /// The experiment, resolved.
  var resolution: Resolution

  /// Reads and resolves an experiment file, with all that it extends.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - overrides: changes to it, `path=value`.
  ///   - plugins: where its parts come from.
  ///   - change: what is done to the tree before the overrides.
  /// - Throws: ``Diagnostics`` with every fault of text, form, settings and matching.
  init(
    file path: String, overrides: [String] = [], plugins: PluginCatalog = PluginCatalog(),
    changing change: (JSONValue) -> JSONValue = { $0 }
  ) throws {
    let file = try ExperimentFile(path, overrides: overrides, changing: change)
    guard let root = file.root, !file.isScrambled else { throw Diagnostics(sorting: file.faults) }
    self.root = root
    var pins = PluginPins(root)
    pins.compare(with: plugins)
    // Without the plugin that is pinned, its components would only seem to be misspelt.
    guard pins.faults.isEmpty else { throw Diagnostics(sorting: file.faults + pins.faults) }
    (registry, resolution) = try plugins.using(hashes: pins.hashes) { registry in
      (registry, try Resolution(root, with: Catalog(registry), besides: file.faults))
    }
  }

  /// Resolves a tree with plugins that are loaded.
  ///
  /// - Throws: ``Diagnostics`` with every fault of form, settings and matching.
  init(_ root: JSONValue, with registry: Registry) throws {
    self.root = root
    self.registry = registry
    resolution = try Resolution(root, with: Catalog(registry))
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
  func using<Result>(
    hashes: [String: String] = [:], _ body: (Registry) throws -> Result
  ) throws -> Result {
    let registry = try loadAll(hashes: hashes)
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
