import PluginAPI

/// Learned perceptual image patch similarity, version 0.1 (arXiv:1801.03924): how different two
/// images look, from the features of a trunk.
///
///     distance = Σ_l mean over positions Σ_c w_lc · (f̂_lc(a) − f̂_lc(b))²
///
/// f̂ are the trunk's features divided by their norm over channels (plus 1e-10). The weights w are
/// not negative, 1 before some are loaded. What it provides as features is `√w_lc · f̂_lc`: the
/// distance is the squared difference of these, summed over channels, the mean over positions, summed
/// over layers.
struct LPIPS: Perceptor, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The network whose features are compared, or one of the experiment's perceptors by path.",
      slot: .perceptor)
    var trunk = ComponentReference("perceptors/alexnet")
  }

  let trunk: any Perceptor
  /// w, `[1, channels, 1, 1]` for each layer.
  let heads: [Parameter]

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  /// - Throws: `ConfigurationError` for a trunk that does not say which features it gives.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [.features("features", channels: try channels(hyperparameters, in: context))]
  }

  /// - Throws: `ConfigurationError` when the slot holds no perceptor, or one that does not say which
  ///   features it gives.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    trunk = try context.build(hyperparameters.trunk, as: (any Perceptor).self)
    heads = try Self.channels(hyperparameters, in: context.ports).map {
      Parameter([1, $0, 1, 1], initial: .ones)
    }
  }

  private static func channels(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Int] {
    let (port, layers) = try context.features(of: hyperparameters.trunk)
    return try (0..<layers).map { layer in
      guard let count = port["channels.\(layer)"] else {
        throw ConfigurationError(
          "\(hyperparameters.trunk.use) does not say how many channels its features have: its port "
            + "needs the attributes channels.0, channels.1, …")
      }
      return count
    }
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let found = trunk(["image": inputs["image"]], in: context).list("features")
    var values = Values()
    values.set(
      "features",
      zip(found, heads).map { features, head in
        let length = features.norm(axes: [3], keepingDims: true) + 1e-10
        let weights = head.value.relu().sqrt().reshaped([head.count])
        return features / length * weights
      })
    return values
  }

  /// The published names of the heads, `lin0.model.1.weight`, …; those of the trunk are its own.
  var publishedNames: [String: String] {
    let inner = (trunk as? any Importable)?.publishedNames ?? [:]
    var names: [String: String] = [:]
    for (path, _) in namedParameters {
      let parts = path.split(separator: ".")
      if parts[0] == "heads" {
        names[path] = "lin\(parts[1]).model.1.weight"
      } else {
        let own = path.dropFirst("trunk.".count)
        names[path] = inner[String(own)] ?? String(own)
      }
    }
    return names
  }
}
