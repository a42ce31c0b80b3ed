import PluginAPI

/// An experiment whose parts are found, whose settings are complete and whose ports are bound.
///
/// Making one reads no data and builds no network.
public struct Resolution: Sendable {
  /// The experiment.
  public internal(set) var experiment: Experiment
  /// Every part by its path, slots aside.
  public internal(set) var parts: [String: ResolvedPart] = [:]
  /// The paths in the order in which they were resolved: providers before consumers.
  public internal(set) var order: [String] = []
  /// What each run of the generator consumes, by the generation's name.
  public internal(set) var generations: [String: [String: Binding]] = [:]
  /// The image each discriminator judges, and the real one of the same size, by path.
  public internal(set) var judgedImages: [String: JudgedImage] = [:]
  /// The dataset's target image.
  public internal(set) var targetImage: Port?
  /// What the plugins offer.
  public let catalog: Catalog

  /// What a discriminator compares.
  public struct JudgedImage: Sendable {
    /// The generated image.
    public let fake: Address
    /// The real image.
    public let real: Binding
    /// The image's port, before the view.
    public let port: Port
  }

  /// Resolves an experiment completely.
  ///
  /// - Throws: ``Diagnostics`` with every unknown id, every faulty setting and every misfit.
  public init(_ experiment: Experiment, with catalog: Catalog, root: JSONValue) throws {
    var resolver = Resolver(experiment, catalog, root)
    self = try resolver.resolve()
  }

  /// Reads a tree and resolves it, so that one pass tells of all that is wrong.
  ///
  /// Where the form is wrong in what decides how parts fit, misfits are left out, for they may only
  /// follow from that; unknown ids and faulty settings are told all the same.
  /// - Parameters:
  ///   - root: the tree.
  ///   - catalog: what the plugins offer.
  ///   - faults: what is known to be wrong already.
  /// - Throws: ``Diagnostics`` with every fault.
  init(_ root: JSONValue, with catalog: Catalog, besides faults: [Diagnostic] = []) throws {
    let reader = ExperimentReader(procedures: try catalog.parsedProcedures())
    let experiment = reader.partial(root)
    // What a fault of the text has swallowed is not missing.
    let isTorn = faults.contains { $0.kind != .duplicateKey }
    let found = faults + reader.collector.faults.filter { !isTorn || $0.kind != .missingKey }
    guard let experiment else { throw Diagnostics(sorting: found) }
    var resolver = Resolver(experiment, catalog, root)
    do {
      self = try resolver.resolve()
    } catch let more as Diagnostics {
      let isWhole = found.allSatisfy { fault in
        fault.kind == .duplicateKey
          || Self.apartFromParts.contains { fault.path.steps.first == .key($0) }
      }
      throw Diagnostics(
        sorting: found + more.faults.filter { isWhole || $0.kind.isCertain })
    }
    if !found.isEmpty { throw Diagnostics(sorting: found) }
  }

  /// Keys that say nothing of how parts fit.
  private static let apartFromParts = [
    "format", "name", "seed", "precision", "training", "reports", "output", "plugins",
  ]

  init(experiment: Experiment, catalog: Catalog) {
    self.experiment = experiment
    self.catalog = catalog
  }

  /// The parts whose path begins so, in order.
  public func parts(under prefix: String) -> [ResolvedPart] {
    order.filter { $0 == prefix || $0.hasPrefix(prefix + ".") }.compactMap { parts[$0] }
  }

  static func portContext(
    bound: [String: Port], image: Port?, catalog: Catalog, parts: [String: ResolvedPart]
  ) -> PortContext {
    PortContext(bound: bound, image: image) { reference, context, side in
      if reference.isShared {
        guard let part = parts[reference.use] else {
          throw ConfigurationError("there is no part \(reference.use) in the experiment")
        }
        return side == .provides
          ? part.provided : part.bindings.sorted { $0.key < $1.key }.map(\.value.port)
      }
      guard let component = catalog.components[reference.use] else {
        throw ConfigurationError("no loaded plugin offers \(reference.use)")
      }
      return side == .provides
        ? try component.provides(reference.with, in: context)
        : try component.consumes(reference.with, in: context)
    }
  }
}
