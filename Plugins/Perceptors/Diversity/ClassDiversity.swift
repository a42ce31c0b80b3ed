import PluginAPI

/// How much the code of a class changes of its area, and of the rest.
///
///     mcsd = mean over maps, mean over classes, d inside of the class   (more is better)
///     mocd = the same outside of it                                     (less is better)
///
/// d is the mean distance of neighbours in a row of images of one map that differ in the code of
/// the class alone. By default images are masked, the rest set to 0, and seen as a whole, so a
/// class counts by its area. A model without a code for each class draws all of its latents.
struct ClassDiversity: ModelMetric, Module {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "The network that distances are seen through; usually one of the experiment's perceptors.",
      slot: .perceptor)
    var network = ComponentReference("perceptors.similarity")
    @Hyperparameter("Label maps, at most; each is a sample of the evaluation set.", in: 1...100_000)
    var maps = 100
    @Hyperparameter("Pairs of a map and a class: neighbours among one image more.", in: 1...1000)
    var pairs = 19
    @Hyperparameter("What is masked: images before the network, or the map of distances after it.")
    var masked = Masked.images
    @Hyperparameter("Whether classes that a map lacks count as 0; else they do not count.")
    var countAbsentAsZero = false
  }

  /// What is masked.
  enum Masked: String, CaseIterable, HyperparameterValue { case images, distances }

  private let settings: Hyperparameters
  let distance: FeatureDistance
  private let classes: Int

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.labelMap("labels")]
  }

  /// - Throws: `ConfigurationError` where the slot holds no perceptor with features, or the number of
  ///   classes is unknown.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    settings = hyperparameters
    classes = try context.size("classes", of: "labels")
    distance = try FeatureDistance(hyperparameters.network, in: context)
  }

  func measurement(of model: any TrainedModel) -> any Measurement {
    Running(model, settings, distance, classes)
  }

  private final class Running: Measurement {
    private let model: any TrainedModel
    private let settings: Hyperparameters
    private let distance: FeatureDistance
    private let classes: Int
    private let codes: ClassLatent?
    private let labels: String
    private var (inside, outside) = (0.0, 0.0)
    private var maps = 0

    init(
      _ model: any TrainedModel, _ settings: Hyperparameters, _ distance: FeatureDistance,
      _ classes: Int
    ) {
      (self.model, self.settings, self.distance) = (model, settings, distance)
      self.classes = classes
      codes = try? model.classLatent()
      labels =
        codes?.labels.name ?? model.conditions.first { $0.kind == .labelMap }?.name ?? "labels"
    }

    func add(_ inputs: Values) {
      for fields in inputs.samples where maps < settings.maps {
        let present = Set(fields[labels].scalars().map { Int($0) }).sorted()
        var sums = (inside: 0.0, outside: 0.0)
        // Without codes of classes, one row of images serves all of them.
        let shared = codes == nil ? images(fields, redrawing: nil) : nil
        for chosen in present {
          let row = shared ?? images(fields, redrawing: chosen)
          let found = distances(row, fields[labels], chosen)
          sums.inside += found[0]
          sums.outside += found[1]
        }
        let count = Double(settings.countAbsentAsZero ? classes : present.count)
        inside += sums.inside / count
        outside += sums.outside / count
        maps += 1
      }
    }

    /// A row of images, one more than there are pairs.
    private func images(_ fields: Values, redrawing chosen: Int?) -> Tensor {
      let count = settings.pairs + 1
      let seed = UInt64(maps * (count + 1))
      let draws = (0..<count).map { model.drawn(1, for: fields, seed: seed + 1 + UInt64($0)) }
      let first = model.drawn(1, for: fields, seed: seed)
      var latents = Values()
      for name in first.names {
        let rows = draws.map { draw -> Tensor in
          guard let codes, let chosen else { return draw[name] }
          guard name == codes.latent.name else { return first[name] }
          return codes.replacing([chosen], of: first[name], with: draw[name])
        }
        latents[name] = .concatenated(rows, axis: 0)
      }
      return model.generated(from: fields.repeated(count), latents, seed: seed)
    }

    /// The distance inside of a class, and outside.
    private func distances(_ images: Tensor, _ labels: Tensor, _ chosen: Int) -> [Double] {
      let mask = (labels .== Float(chosen)).expandedDims(3)  // [1, H, W, 1]
      let masks = [mask, 1 - mask]
      switch settings.masked {
      case .images: return masks.map { distance.ofNeighbours(images * $0) }
      case .distances: return distance.ofNeighbours(images, within: masks)
      }
    }

    var figures: [Figure] {
      guard maps > 0 else { return [] }
      return [
        Figure("mcsd", inside / Double(maps), isBetterHigher: true),
        Figure("mocd", outside / Double(maps), isBetterHigher: false),
      ]
    }
  }
}
