import PluginAPI

/// How different the images of one condition are: mean distance of neighbours in a row of images
/// whose latents are all drawn anew.
struct Diversity: ModelMetric, Module {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The network that distances are seen through; usually one of the experiment's perceptors.",
      slot: .perceptor)
    var network = ComponentReference("perceptors.similarity")
    @Hyperparameter("Conditions, at most; each is a sample of the evaluation set.", in: 1...100_000)
    var maps = 100
    @Hyperparameter("Pairs of a condition: neighbours among one image more.", in: 1...1000)
    var pairs = 19
  }

  private let settings: Hyperparameters
  let distance: FeatureDistance

  /// - Throws: `ConfigurationError` where the slot holds no perceptor with features.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    settings = hyperparameters
    distance = try FeatureDistance(hyperparameters.network, in: context)
  }

  func measurement(of model: any TrainedModel) -> any Measurement {
    Running(model, settings, distance)
  }

  private final class Running: Measurement {
    private let model: any TrainedModel
    private let settings: Hyperparameters
    private let distance: FeatureDistance
    private var sum = 0.0
    private var maps = 0

    init(_ model: any TrainedModel, _ settings: Hyperparameters, _ distance: FeatureDistance) {
      (self.model, self.settings, self.distance) = (model, settings, distance)
    }

    func add(_ inputs: Values) {
      for fields in inputs.samples where maps < settings.maps {
        let images = fields.repeated(settings.pairs + 1)
        sum += distance.ofNeighbours(
          model.generated(from: images, [:], seed: UInt64(maps)))
        maps += 1
      }
    }

    var figures: [Figure] {
      guard maps > 0 else { return [] }
      return [Figure("lpips-diversity", sum / Double(maps), isBetterHigher: true)]
    }
  }
}

extension Values {
  /// The samples of a batch one by one, as batches of one.
  var samples: [Values] {
    (0..<(tensors.values.first?.shape.first ?? 0)).map { index in
      map { $1.sliced(axis: 0, from: index, to: index + 1) }
    }
  }

  /// One sample several times.
  func repeated(_ count: Int) -> Values { map { $1.repeated(count, axis: 0) } }
}
