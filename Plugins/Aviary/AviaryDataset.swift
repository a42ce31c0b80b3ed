import AviaryScenes
import PluginAPI

/// Birds in landscapes, drawn by seed and index, with every annotation.
///
/// Nothing is read from disk: sample `i` of a split is a pure function of `seed` and `i`, the same at
/// any side up to the number of pixels. The two splits draw from disjoint indices, so neither repeats
/// the other however many samples are asked for. Geometry and appearance are drawn apart. Key
/// points, attributes, captions and species are those of the largest bird.
///
/// In training each visit takes one of the picture's five captions at random, in validation the
/// first; nothing else varies from visit to visit.
struct AviaryDataset: Dataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Side of the pictures in pixels.", in: 32...256)
    var side = 64
    @Hyperparameter("Number of training samples.", in: 1...100_000_000)
    var trainCount = 10_000
    @Hyperparameter("Number of validation samples.", in: 1...100_000_000)
    var validationCount = 1_000
    @Hyperparameter("Largest number of birds in a picture.", in: 1...3)
    var birds = 1
    @Hyperparameter("Share of the attributes given as present that are wrong.", in: 0...1)
    var attributeNoise: Float = 0
    @Hyperparameter(
      "Add the same bird in another pose and place, as a source; drawing takes twice as long.")
    var pairs = false
    @Hyperparameter("Chooses all pictures.", in: 0...4_294_967_295)
    var seed = 1
  }

  private let side: Int
  private let counts: [Split: Int]
  private let birds: Int
  private let attributeNoise: Float
  private let pairs: Bool
  private let seed: UInt64

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    side = hyperparameters.side
    counts = [.train: hyperparameters.trainCount, .validation: hyperparameters.validationCount]
    birds = hyperparameters.birds
    attributeNoise = hyperparameters.attributeNoise
    pairs = hyperparameters.pairs
    seed = UInt64(hyperparameters.seed)
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let side = hyperparameters.side
    let attributes: [String: Int?] = ["count": Attributes.count]
    var trueAttributes = Port("trueAttributes", .attributes, attributes: attributes)
    trueAttributes.role = .unspoilt
    let ports: [Port] = [
      .image("image", side: side, role: .target),
      .labelMap("labels", classes: Palette.aviary.names.count, side: side),
      .map("instanceMap", .instanceMap, side: side),
      .map("edges", .edges, side: side),
      .instances(
        "instances", max: hyperparameters.birds, classes: Species.allCases.count, side: side),
      .boxes("boxes", max: hyperparameters.birds),
      .mask("mask", side: side),
      keypoints("keypoints", role: .target, side: side),
      .classLabel("species", classes: Species.allCases.count),
      .attributes("attributes", count: Attributes.count),
      trueAttributes,
      .attributeList(
        "attributeList", vocabulary: Attributes.count + 1, maxLength: Attributes.maximum),
      .caption(
        "caption", vocabulary: Vocabulary.captions.words.count, maxLength: Caption.maximumLength),
      Port(
        "captions", .captions,
        attributes: [
          "vocabulary": Vocabulary.captions.words.count, "maxLength": Caption.maximumLength,
          "count": Caption.perPicture,
        ]),
    ]
    guard hyperparameters.pairs else { return ports }
    return ports + [
      .image("source", side: side, role: .source),
      .labelMap("sourceLabels", classes: Palette.aviary.names.count, side: side, role: .source),
      .mask("sourceMask", side: side, role: .source),
      keypoints("sourceKeypoints", role: .source, side: side),
      .partTransforms("partTransforms", parts: BodyPart.allCases.count),
      .partTransforms("wholeTransform", parts: 1, role: .whole),
      Port(
        "partMasks", .partMasks,
        attributes: ["parts": BodyPart.allCases.count, "height": side, "width": side]),
    ]
  }

  private static func keypoints(_ name: String, role: Port.Role, side: Int) -> Port {
    let attributes = ["count": Keypoint.allCases.count, "height": side, "width": side]
    return Port(name, .keypoints, attributes: attributes, role: role)
  }

  var palette: Palette? { .aviary }

  func count(of split: Split) -> Int { counts[split] ?? 0 }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    let number = UInt64(index) + split.firstNumber
    func seeded(_ purpose: Purpose) -> Draws { Draws(seed, number, purpose.rawValue) }
    func draw(_ purpose: Purpose) -> UInt64 {
      var draws = seeded(purpose)
      return draws.next()
    }

    let scene = Scene(
      geometry: draw(.geometry), appearance: draw(.appearance), maximumBirds: birds)
    let sighting = scene.sighting()
    let rendering = scene.rendered(side: side)
    var sample = rendering.fields(of: scene, maximumBirds: birds)
    sample["species"] = Field(Float(sighting.species.rawValue))

    let attributes = Attributes(sighting)
    var draws = seeded(.attributes)
    let given = attributes.mislabelled(rate: attributeNoise, using: &draws)
    sample["attributes"] = Field(given.indicators, shape: [Attributes.count])
    sample["trueAttributes"] = Field(attributes.indicators, shape: [Attributes.count])
    sample.setTokens("attributeList", given.ids, upTo: Attributes.maximum)

    draws = seeded(.captions)
    let captions = Caption.written(about: sighting, using: &draws)
    let chosen = split == .train ? Int(random.next() % UInt64(captions.count)) : 0
    sample.setTokens("caption", captions[chosen].tokens, upTo: Caption.maximumLength)
    sample.setTokens("captions", captions.map(\.tokens), upTo: Caption.maximumLength)

    if pairs {
      let other = scene.reposed(draw(.otherPose))
      let source = other.rendered(side: side)
      sample.merge(source.sourceFields()) { $1 }
      let here = PartPlaces(rendering.birds[0], scene.birds[0], side: side)
      let there = PartPlaces(source.birds[0], other.birds[0], side: side)
      sample.setParts(from: here, to: there, side: side)
    }
    return sample
  }

  /// What draws are for; each purpose has a stream of its own.
  private enum Purpose: UInt64 {
    case geometry = 1
    case appearance, attributes, captions, otherPose
  }
}

extension Split {
  /// The number of the split's first sample among all.
  fileprivate var firstNumber: UInt64 {
    switch self {
    case .train: 0
    case .validation: 1 << 40
    }
  }
}

extension Port.Role {
  /// Before errors were added on purpose.
  static let unspoilt = Port.Role(rawValue: "true")
}

extension Port.Kind {
  /// Several captions of a picture: parts `tokens [N, count, L]` and `lengths [N, count]`.
  static let captions = Port.Kind(rawValue: "captions")
}

extension Palette {
  /// The classes of Aviary's label maps.
  static let aviary = Palette(
    Label.allCases.map { label in
      let color = label.displayColor
      return (
        label.name,
        RGB(
          UInt8(truncatingIfNeeded: color >> 16), UInt8(truncatingIfNeeded: color >> 8),
          UInt8(truncatingIfNeeded: color))
      )
    })
}
