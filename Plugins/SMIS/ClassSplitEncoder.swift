import PluginAPI
import SMISNetworks

/// One posterior a class, from one image a class, by convolutions of one group a class.
///
/// - Source: arXiv:2003.12697, section 3.3; the crop is that of its authors' code.
struct ClassSplitEncoder: Encoder, Importable {
  /// What each class's code is.
  enum Code: String, CaseIterable, HyperparameterValue { case map, vector }

  /// Whose weights the classes have.
  enum Networks: String, CaseIterable, HyperparameterValue {
    /// One network of grouped convolutions; spectral norms see all groups at once.
    case grouped
    /// One network a class.
    case separate
  }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels a class in the first layer, doubled up to 8 times that.", in: 1...512)
    var width = 32
    @Hyperparameter(
      "Convolutions of stride 2; by default 6 from 256 pixels of width on, else 5.", in: 1...8)
    var halvings: Int? = nil
    @Hyperparameter("A map of 8 channels a class, or after a mean over all places 8 numbers.")
    var code = Code.map
    @Hyperparameter("Whether each class sees its own pixels only; else all see the whole image.")
    var split = true
    @Hyperparameter("Whether the box around each class's pixels is stretched to the whole image.")
    var bboxCrop = true
    @Hyperparameter("What stands behind each convolution.")
    var norm = EncoderNorm.instance
    @Hyperparameter(
      "Which weights are divided by their largest singular values; inner as published, all as printed."
    )
    var spectral = Spectral.inner
    @Hyperparameter("One network of a group a class, or one network a class.")
    var networks = Networks.grouped

    func halvings(_ size: Size2) -> Int { halvings ?? (size.width >= 256 ? 6 : 5) }
  }

  let encoders: [StridedEncoder]
  private let hyperparameters: Hyperparameters
  private let classes: Int

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image("image", height: size.height, width: size.width, role: .target),
      .map("labels", .labelMap, height: size.height, width: size.width),
    ]
  }

  /// - Throws: `ConfigurationError` where sides can't be halved, or nothing is left to normalise.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    let classes = try context.size("classes", of: "labels")
    let codes = codeChannels * classes
    let halvings = hyperparameters.halvings(size)
    let last = try lastSize(size, halvings: halvings)
    let z: Port =
      hyperparameters.code == .vector
      ? .latent("z", size: codes, groups: classes)
      : .latentMap(
        "z", height: last.height, width: last.width, channels: codes, groups: classes)
    return [z, .posterior("posterior", of: z)]
  }

  static func samplingSources(
    _ hyperparameters: Hyperparameters
  ) -> [String: SamplingSource] { ["z": .standardNormal, "posterior": .absent] }

  /// - Throws: `ConfigurationError` where group norms don't divide the channels.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let classes = try context.size("classes", of: "labels")
    let channels = context.bound["image"]?["channels"] ?? 3
    let isGrouped = hyperparameters.networks == .grouped
    let groups = isGrouped ? classes : 1
    let width = hyperparameters.width * groups
    if hyperparameters.norm == .group, width % 8 != 0 {
      throw ConfigurationError(
        "norm group splits channels into 8 groups, which do not divide the \(width) of the first "
          + "layer; make width a multiple of 8")
    }
    let halvings = hyperparameters.halvings(try context.imageSize())
    encoders = (0..<classes / groups).map { _ in
      StridedEncoder(
        channels * groups, codes: codeChannels * groups, width: width, halvings: halvings,
        groups: groups, head: hyperparameters.code == .map ? .map : .pooled,
        norm: hyperparameters.norm, spectral: hyperparameters.spectral)
    }
    self.hyperparameters = hyperparameters
    self.classes = classes
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let image = inputs["image"]
    let split =
      hyperparameters.split
      ? classSplit(
        image, inputs["labels"], classes: classes, crops: hyperparameters.bboxCrop)
      : image.repeated(classes, axis: 3)
    let posterior = posterior(of: split, in: context)
    return [
      "z": drawn(posterior, in: context), "posterior.mean": posterior.mean,
      "posterior.logVariance": posterior.logVariance,
    ]
  }

  private func posterior(
    of x: Tensor, in context: CallContext
  ) -> (mean: Tensor, logVariance: Tensor) {
    if encoders.count == 1 { return encoders[0](x, in: context) }
    let parts = x.split(
      axis: 3, sizes: Array(repeating: x.shape[3] / encoders.count, count: encoders.count))
    let posteriors = zip(encoders, parts).map { $0($1, in: context) }
    let axis = hyperparameters.code == .map ? 3 : 1
    return (
      .concatenated(posteriors.map(\.mean), axis: axis),
      .concatenated(posteriors.map(\.logVariance), axis: axis)
    )
  }

  var publishedNames: [String: String] {
    encoders.count == 1 ? encoders[0].publishedNames(at: "encoders.0") : [:]
  }
}

/// The size of an image after some halvings.
///
/// - Throws: `ConfigurationError` where they don't lead to whole numbers, or to a single place, which
///   an instance norm cannot normalise.
func lastSize(_ size: Size2, halvings: Int) throws -> Size2 {
  let factor = 1 << halvings
  let last = Size2(size.height / factor, size.width / factor)
  guard size.height % factor == 0, size.width % factor == 0, last.height * last.width > 1 else {
    throw ConfigurationError(
      "images are \(size); \(halvings) halvings need multiples of \(factor) and more than one place "
        + "left, such as \(Size2(2 * factor)); choose fewer halvings or larger images")
  }
  return last
}
