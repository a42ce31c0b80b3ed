/// The game between generator and discriminator.
///
/// Most need only `LogitLoss`.
public protocol AdversarialLoss: Component {
  /// What the discriminator's side wants judged; the loop makes no other judgements.
  static var discriminatorJudgements: [JudgementKind] { get }
  /// What the generator's side wants judged.
  static var generatorJudgements: [JudgementKind] { get }

  /// The verdicts it reads by name, where a discriminator has several heads: names of its ports of
  /// kind ``Port/Kind/logits``. By default none: it takes every verdict there is.
  static func verdicts(_ hyperparameters: Hyperparameters) -> [String]

  /// The discriminator's loss, a scalar.
  func discriminatorLoss(_ judgements: Judgements) -> Tensor
  /// The generator's loss, a scalar.
  func generatorLoss(_ judgements: Judgements) -> Tensor
}

extension AdversarialLoss {
  /// Real and fake images.
  public static var discriminatorJudgements: [JudgementKind] { [.real, .fake] }
  /// Fake images only.
  public static var generatorJudgements: [JudgementKind] { [.fake] }
  /// Every verdict there is.
  public static func verdicts(_ hyperparameters: Hyperparameters) -> [String] { [] }
}

/// How the terms of several scales or views become one.
public enum ScaleReduction: String, Sendable, CaseIterable, HyperparameterValue {
  /// Their mean: the weight of the whole does not depend on how many there are.
  case mean
  /// Their sum.
  case sum
}

/// An adversarial loss of one verdict map, averaged over scales and views unless it says otherwise.
public protocol LogitLoss: AdversarialLoss {
  /// How the verdict maps' terms become one. By default their mean.
  var scales: ScaleReduction { get }
  /// The discriminator's loss on one verdict map: a scalar.
  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor
  /// The generator's loss on one verdict map: a scalar.
  func generatorLoss(fake: Tensor) -> Tensor
}

extension LogitLoss {
  /// The mean.
  public var scales: ScaleReduction { .mean }

  /// The loss of every verdict map, reduced over scales.
  public func discriminatorLoss(_ judgements: Judgements) -> Tensor {
    let terms = zip(judgements[.real].logits, judgements[.fake].logits)
      .map { discriminatorLoss(real: $0, fake: $1) }
    return reduced(terms)
  }

  /// The loss of every verdict map, reduced over scales.
  public func generatorLoss(_ judgements: Judgements) -> Tensor {
    reduced(judgements[.fake].logits.map { generatorLoss(fake: $0) })
  }

  private func reduced(_ terms: [Tensor]) -> Tensor {
    precondition(!terms.isEmpty, "[\(Self.self)] the discriminator gave no verdict")
    let sum = terms.dropFirst().reduce(terms[0], +)
    return scales == .sum ? sum : sum / Float(terms.count)
  }
}

/// A term of the generator's or the discriminator's loss.
///
/// It consumes what it compares: images by role (``Port/Role/generated``, ``Port/Role/target``),
/// a discriminator's outputs by judgement (``Port/Role/real``, ``Port/Role/fake``), posteriors,
/// dataset fields. A loss that reads a discriminator's outputs is evaluated for each discriminator
/// and summed, unless its entry says `on`.
public protocol Loss: Component, Module {
  /// Whose loss it is part of.
  static func side(_ hyperparameters: Hyperparameters) -> LossSide
  /// The term, a scalar, before the weight of its entry.
  ///
  /// The context is one of evaluation, so that networks a loss looks through stay as they are; of
  /// training only in phases that update such a network, or whose `modes` say so.
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor
}

extension Loss {
  /// The generator's.
  public static func side(_ hyperparameters: Hyperparameters) -> LossSide { .generator }
}

/// Whose loss a term belongs to.
public enum LossSide: String, Sendable, CaseIterable, HyperparameterValue {
  /// Everything that is not a discriminator: generator, encoders, perceptors.
  case generator
  /// The discriminators.
  case discriminator
}

/// A discriminator's regulariser: it asks for gradients, so it sees the function, not its answers.
public protocol Regularizer: Component {
  /// The penalty, a scalar, before the weight of its entry.
  func callAsFunction(_ critic: Critic, _ inputs: Values, in context: CallContext) -> Tensor
}

/// A discriminator as a function of image and condition, with the batch's values.
public struct Critic {
  /// The real images the discriminator saw, detached, `[N, H, W, C]`.
  public let real: Tensor
  /// The generated images, detached.
  public let fake: Tensor
  /// The conditions, detached, under the discriminator's own names.
  public let condition: Values
  private let judge: (Tensor, Values) -> Judgement

  /// Creates a critic.
  public init(
    real: Tensor, fake: Tensor, condition: Values,
    judge: @escaping (Tensor, Values) -> Judgement
  ) {
    self.real = real
    self.fake = fake
    self.condition = condition
    self.judge = judge
  }

  /// Judges any images beside any condition, recorded for gradients of any order.
  public func callAsFunction(_ image: Tensor, _ condition: Values) -> Judgement {
    judge(image, condition)
  }
}
