import PluginAPI

/// Distance of the generated image's features from the nearest ones around the same place of the
/// target: details may lie some pixels aside.
///
///     loss = mean over p of min over q near p of Σ_c |φ_c(generated)(p) − φ_c(target)(q)|
///
/// After arXiv:1801.00055, equation 8; its code takes the features after the second convolution of
/// VGG-19 at full size. Outside of the image the target's features are −10000.
struct NearestNeighbour: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Side of the neighbourhood, in positions of the feature map; odd.", in: 1...15)
    var neighbourhood = 3
    @Hyperparameter(
      "The feature network, whose first features are compared; with weights where it is one of the "
        + "experiment's perceptors, by path.", slot: .perceptor)
    var network = ComponentReference(
      "perceptors/vgg19", with: ["layers": [3], "normalization": "caffe-swapped"])

    /// - Throws: `ConfigurationError` for a neighbourhood without a middle.
    func validate() throws {
      guard neighbourhood % 2 == 1 else {
        throw ConfigurationError(
          "a \"neighbourhood\" of side \(neighbourhood) has no middle; an odd side has one")
      }
    }
  }

  let network: any Perceptor
  private let reach: Int

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }

  /// - Throws: `ConfigurationError` when the slot holds no perceptor, or one that gives no features.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    network = try context.build(hyperparameters.network, as: (any Perceptor).self)
    reach = hyperparameters.neighbourhood / 2
    _ = try context.ports.features(of: hyperparameters.network)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    func features(of image: Tensor) -> Tensor {
      network(["image": image], in: context).list("features")[0]
    }
    let target = withoutGradient { bordered(features(of: inputs["target"])).evaluated() }
    let generated = features(of: inputs["generated"])  // [N, H, W, C]
    let (height, width) = (generated.shape[1], generated.shape[2])
    var nearest: Tensor?
    for row in 0...2 * reach {
      let rows = target.sliced(axis: 1, from: row, to: row + height)
      for column in 0...2 * reach {
        let shifted = rows.sliced(axis: 2, from: column, to: column + width)
        let distance = (generated - shifted).abs().sum(axes: [3])  // [N, H, W]
        nearest = nearest.map { minimum($0, distance) } ?? distance
      }
    }
    return nearest?.mean() ?? Tensor(0)
  }

  /// Features with as many rows and columns of −10000 around them as the neighbourhood reaches.
  private func bordered(_ features: Tensor) -> Tensor {
    let border = [(0, 0), (reach, reach), (reach, reach), (0, 0)]
    let outside = 1 - Tensor.ones(features.shape).padded(border)
    return features.padded(border) - outside * 10000
  }
}
