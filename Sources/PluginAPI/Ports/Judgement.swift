/// What a discriminator was shown.
public enum JudgementKind: String, Sendable, CaseIterable {
  /// A real image with its own condition.
  case real
  /// A generated image with the condition it was made from.
  case fake
  /// A real image with the condition of the next sample of the batch; one sample fewer.
  case mismatched

  /// The role under which losses consume outputs of this judgement.
  public var role: Port.Role { Port.Role(rawValue: rawValue) }
}

/// A discriminator's answer to one kind of input.
public struct Judgement {
  /// All outputs, under the names of the discriminator's ports.
  public let outputs: Values
  /// The discriminator's ports of kind ``Port/Kind/logits``, by name, in its order.
  public let verdicts: [String]

  /// Creates a judgement.
  public init(_ outputs: Values, verdicts: [String] = ["logits"]) {
    self.outputs = outputs
    self.verdicts = verdicts
  }

  /// The verdict maps of every head, one a scale or view, before any sigmoid.
  public var logits: [Tensor] { verdicts.flatMap { outputs.list($0) } }
}

/// The judgements an adversarial loss asked for.
public struct Judgements {
  private let judgements: [JudgementKind: Judgement]
  /// What the loss itself consumes (a label map to weigh verdicts by), under its own names.
  public let inputs: Values

  /// Creates the set.
  public init(_ judgements: [JudgementKind: Judgement], inputs: Values = [:]) {
    self.judgements = judgements
    self.inputs = inputs
  }

  /// The judgement of that kind, which the loss must have asked for.
  public subscript(kind: JudgementKind) -> Judgement {
    guard let judgement = judgements[kind] else {
      preconditionFailure("[Judgements] \(kind.rawValue) was not asked for in `judgements`")
    }
    return judgement
  }
}
