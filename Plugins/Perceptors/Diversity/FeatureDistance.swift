import PluginAPI

/// Distance of images as a feature network sees them.
///
///     d(a, b) = Σ over layers, mean over positions, Σ over channels (φ(a) − φ(b))²
///
/// With features that are normalised and weighted, as a learned similarity's network gives them,
/// this is that similarity; with any other network, its squared feature distance.
struct FeatureDistance: Module {
  let network: any Perceptor

  /// Takes the network of a slot.
  ///
  /// - Throws: `ConfigurationError` where the slot holds no perceptor, or one without features.
  init(_ slot: ComponentReference, in context: BuildContext) throws {
    _ = try context.ports.features(of: slot)
    network = try context.build(slot, as: (any Perceptor).self)
  }

  /// The mean distance of neighbours in a row of images, `[N, H, W, 3]` with N at least 2.
  func ofNeighbours(_ images: Tensor) -> Double {
    let terms = squares(images).map { $0.mean(axes: [1, 2, 3]).mean() }
    return Double(terms.dropFirst().reduce(terms[0], +).item())
  }

  /// The same where each pixel counts as a mask `[1, H, W, 1]` says; still a mean over all pixels.
  ///
  /// Differences of layers smaller than the image are stretched to its size, bilinearly.
  func ofNeighbours(_ images: Tensor, within masks: [Tensor]) -> [Double] {
    let size = Size2(images.shape[1], images.shape[2])
    let layers = squares(images).map { resizeBilinear($0, to: size) }
    let map = layers.dropFirst().reduce(layers[0], +).mean(axes: [0]).expandedDims(0)
    return masks.map { Double((map * $0).mean().item()) }
  }

  /// Squared differences of neighbours, summed over channels, a map `[N − 1, h, w, 1]` a layer.
  private func squares(_ images: Tensor) -> [Tensor] {
    let context = CallContext(
      training: false, updatesBuffers: false, seed: 0, stream: "distance", step: 0)
    let count = images.shape[0]
    return network(["image": images], in: context).list("features").map { features in
      let difference =
        features.sliced(axis: 0, from: 1, to: count)
        - features.sliced(axis: 0, from: 0, to: count - 1)
      return difference.square().sum(axes: [3]).expandedDims(3)
    }
  }
}
