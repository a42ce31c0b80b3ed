/// A trained generator with its encoders, ready to be asked for images.
///
/// What tools and metrics of whole models work with. Nothing is recorded for gradients, no weight
/// and no buffer moves, and every call is a function of what it is given: the same fields, latents
/// and seed give the same bits.
///
///     let fields = try model.fields(model.conditions, from: ["labels": "map.png"])
///     let first = model.drawn(1, for: fields, seed: 0)
///     let image = model.generated(from: fields, first, seed: 0)      // [1, H, W, 3]
public protocol TrainedModel: AnyObject {
  /// The generator's id, such as `my-plugin/generator`.
  var name: String { get }
  /// The image it makes, with its sizes.
  var image: Port { get }
  /// The fields it generates from, under the names that its dataset gives them.
  var conditions: [Port] { get }
  /// Its latents, under the names that its generator gives them, usually `z`.
  var latents: [Port] { get }
  /// The fields that its encoders make latents of; empty where it has none, or none with weights.
  var encodedFields: [Port] { get }

  /// Draws every latent for a batch.
  ///
  /// - Parameters:
  ///   - count: the number of samples; that of `fields` where there are any.
  ///   - fields: the conditions, `[count, …]` each, for priors that look at them.
  ///   - seed: of the draw.
  /// - Returns: a value for every latent.
  func drawn(_ count: Int, for fields: Values, seed: UInt64) -> Values

  /// Encodes real samples: the mean of the posterior where the encoder provides one, else what it
  /// says.
  ///
  /// - Parameter fields: a value for each of ``encodedFields``.
  /// - Returns: a value for each latent that an encoder makes.
  func encoded(_ fields: Values) -> Values

  /// Generates images, `[N, H, W, C]` in -1...1; N is the number of `fields` and of `latents`.
  ///
  /// - Parameters:
  ///   - fields: a value for each of ``conditions``.
  ///   - latents: those that are not to be drawn.
  ///   - seed: of all draws: latents that are not given, and noise inside of the generator.
  /// - Returns: the images.
  func generated(from fields: Values, _ latents: Values, seed: UInt64) -> Tensor

  /// The latent whose channels belong to the classes of a label map.
  ///
  /// - Throws: ``ConfigurationError`` that says which generators have one, where this one has none.
  func classLatent() throws -> ClassLatent
}

/// A latent whose channels are grouped by the classes of a label map: with C classes and k channels
/// each, channels `k·c ..< k·(c + 1)` are the code of class `c`.
public struct ClassLatent: Sendable {
  /// The label map, one of the model's conditions.
  public let labels: Port
  /// The latent, with `groups` as many as there are classes.
  public let latent: Port
  /// The number of classes.
  public let classes: Int

  /// The first latent that is grouped by the classes of a label map among the conditions; `nil`
  /// where there is none.
  public init?(conditions: [Port], latents: [Port]) {
    for labels in conditions where labels.kind == .labelMap {
      guard let classes = labels["classes"],
        let latent = latents.first(where: { $0["groups"] == classes })
      else { continue }
      (self.labels, self.latent, self.classes) = (labels, latent, classes)
      return
    }
    return nil
  }

  /// One code with those of some classes taken from another.
  ///
  /// - Parameters:
  ///   - chosen: the classes whose channels come from `other`.
  ///   - code: `[N, size]` or `[N, H, W, C]`.
  ///   - other: of the same shape, or with one sample for all.
  /// - Returns: a code shaped like `code`.
  public func replacing(_ chosen: some Collection<Int>, of code: Tensor, with other: Tensor)
    -> Tensor
  {
    let channels = code.shape[code.rank - 1]
    precondition(
      channels % classes == 0,
      "[ClassLatent] found a code of \(channels) channels, expected a multiple of the \(classes) "
        + "classes")
    let wanted = Set(chosen)
    let mask = (0..<channels).map { wanted.contains($0 / (channels / classes)) ? Float(1) : 0 }
    let ones = Array(repeating: 1, count: code.rank - 1)
    return `where`(
      Tensor(mask, ones + [channels]).broadcast(to: code.shape), other.broadcast(to: code.shape),
      code)
  }
}
