import PluginAPI

/// A game in which each class that is present weighs the same.
///
///     L = 1 / (N · (K + 1) · h · w) · Σ w · ℓ(P)
///     w_k = (α / K) · s_k / (mean over positions of s_k + 1e-9)    k = 1…K      balance: class
///     w_k = s_k                                                                 balance: area
///     w_0 = 1                                                       the last verdict
///
/// P are the K + 1 verdicts at h×w positions and s_k the class's plane, resized to h×w by nearest
/// pixels. The mean over positions is each image's own; a class that is absent has no say. ℓ is
/// cross entropy on logits, squared distance from 1 or 0, or the hinge loss. With the weight K + 1
/// the last verdict alone counts as that of a plain discriminator; a discriminator of one verdict
/// is judged as by the plain loss.
///
/// - Source: Next Steps for Image Synthesis using Semantic Segmentation (2020) gives no formula;
///   this is that of its follow-up's code, which lacks the cross entropy.
struct ClassWeighted: AdversarialLoss {
  /// The loss ℓ of one verdict.
  enum Form: String, CaseIterable, HyperparameterValue { case bce, ls, hinge }

  /// What decides how much the positions of a class weigh.
  enum Balance: String, CaseIterable, HyperparameterValue {
    /// All classes the same.
    case `class`
    /// Each as much as it covers.
    case area
  }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Cross entropy, least squares or hinge.")
    var form = Form.bce
    @Hyperparameter("Whether classes weigh the same or as much as the area they cover.")
    var balance = Balance.class
    @Hyperparameter(
      "Weight α of all classes together beside the whole; with balance class.", in: 0...1000)
    var alpha: Float = 1
    @Hyperparameter(
      "Factor on the discriminator's loss; 0.5 averages its two halves.", in: 0...100)
    var discriminatorWeight: Float = 1
    @Hyperparameter("What the classes are: those of the label map, or key points.")
    var guide = Guide.labels
    @Hyperparameter("How the losses of several scales become one.")
    var scales = ScaleReduction.mean
  }

  /// What a verdict should have been.
  private enum Side { case real, fake, generator }

  private let hyperparameters: Hyperparameters
  private let classes: Int

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [hyperparameters.guide.port]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    self.hyperparameters = hyperparameters
    classes = try context.size("classes", of: hyperparameters.guide.port.name)
  }

  func discriminatorLoss(_ judgements: Judgements) -> Tensor {
    let weight = hyperparameters.discriminatorWeight
    return reduced(zip(judgements[.real].logits, judgements[.fake].logits)) { real, fake in
      let weights = weights(for: real, judgements.inputs)
      return weight * (term(real, .real, weights) + term(fake, .fake, weights))
    }
  }

  func generatorLoss(_ judgements: Judgements) -> Tensor {
    reduced(judgements[.fake].logits) { fake in
      term(fake, .generator, weights(for: fake, judgements.inputs))
    }
  }

  private func reduced<Scales: Sequence>(
    _ scales: Scales, _ term: (Scales.Element) -> Tensor
  ) -> Tensor {
    let terms = scales.map(term)
    precondition(!terms.isEmpty, "[class-weighted] the discriminator gave no verdict")
    let sum = terms.dropFirst().reduce(terms[0], +)
    return hyperparameters.scales == .sum ? sum : sum / Float(terms.count)
  }

  /// `mean w · ℓ(P)`; the plain mean without weights.
  private func term(_ verdicts: Tensor, _ side: Side, _ weights: Tensor?) -> Tensor {
    let losses = losses(verdicts, side)
    return (weights.map { $0 * losses } ?? losses).mean()
  }

  private func losses(_ verdicts: Tensor, _ side: Side) -> Tensor {
    switch (hyperparameters.form, side) {
    case (.bce, .fake): verdicts.softplus()
    case (.bce, _): (-verdicts).softplus()
    case (.ls, .fake): verdicts.square()
    case (.ls, _): (verdicts - 1).square()
    case (.hinge, .real): (1 - verdicts).relu()
    case (.hinge, .fake): (1 + verdicts).relu()
    case (.hinge, .generator): -verdicts
    }
  }

  /// `[N, h, w, K + 1]`, or nothing where there is one verdict only.
  private func weights(for verdicts: Tensor, _ inputs: Values) -> Tensor? {
    let shape = verdicts.shape
    if shape.last == 1 { return nil }
    precondition(
      shape.count == 4 && shape[3] == classes + 1,
      "[class-weighted] verdicts \(shape), expected [N, h, w, \(classes + 1)] for \(classes) "
        + "classes and the whole, or one verdict")
    return withoutGradient {
      let size = Size2(shape[1], shape[2])
      var planes = hyperparameters.guide.planes(inputs, classes: classes, at: size)
      if hyperparameters.balance == .class {
        let share = planes.mean(axes: [1, 2], keepingDims: true) + 1e-9
        planes = planes * (hyperparameters.alpha / Float(classes)) / share
      }
      return .concatenated([planes, .ones([shape[0], shape[1], shape[2], 1])], axis: 3)
    }
  }
}
