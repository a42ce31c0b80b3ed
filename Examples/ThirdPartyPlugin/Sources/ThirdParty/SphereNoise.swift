import PluginAPI

/// Noise on the sphere of radius √size: normal noise without the part that is its length.
///
/// The generator says how long z is; `context.provided` has it.
struct SphereNoise: Latent {
  private let size: Int

  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.latent("z")]
  }

  /// - Throws: `ConfigurationError` where the generator wants no vector.
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    guard let size = context.provided["z"]?["size"] else {
      throw ConfigurationError("z has no length; the generator takes a map, or any length")
    }
    self.size = size
  }

  func callAsFunction(_ count: Int, _ inputs: Values, in context: CallContext) -> Values {
    let draw = context.normal("z", [count, size])
    let length = draw.square().mean(axes: [1], keepingDims: true).sqrt()
    return ["z": draw / maximum(length, Tensor(1e-6))]
  }
}
