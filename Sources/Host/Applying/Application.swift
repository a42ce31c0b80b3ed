import PluginAPI

/// Runs one component on given tensors: its outputs, and with cotangents the gradients of all
/// inputs and weights.
struct Application {
  let workpiece: Workpiece
  /// Whether layers behave as in training.
  let isTraining: Bool
  /// Everything in the inputs file, in the engine's layout: ports, their parts, and draws.
  let given: [String: Tensor]

  /// The outputs, under the names of ports.
  ///
  /// - Throws: `ConfigurationError` naming an input that is missing.
  func outputs() throws -> Values {
    let ports = workpiece.consumed.filter {
      $0.role.map { !Application.judged.contains($0) } ?? true
    }
    var inputs = Values()
    for port in ports where !port.isOptional || !Values(given).port(port.name).tensors.isEmpty {
      let values = Values(given).port(port.name)
      guard !values.tensors.isEmpty else {
        throw ConfigurationError(
          "the inputs hold no \(port.name), which \(workpiece.id) consumes as \(port); they hold "
            + given.keys.sorted().joined(separator: ", "))
      }
      inputs = inputs.merging(values)
    }
    try checkLabels(&inputs, ports)
    let context = CallContext(
      training: isTraining, updatesBuffers: isTraining, seed: 1, stream: "apply", step: 0,
      given: given)
    switch workpiece.component {
    case let generator as any Generator: return generator(inputs, in: context)
    case let encoder as any Encoder: return encoder(inputs, in: context)
    case let perceptor as any Perceptor: return perceptor(inputs, in: context)
    case let discriminator as any Discriminator:
      let features = discriminator.features(inputs, in: context)
      return discriminator.judge(features, inputs, in: context)
    case let loss as any AdversarialLoss: return try game(loss, inputs)
    case let loss as any Loss: return ["loss": loss(inputs.merging(Values(given)), in: context)]
    default:
      throw ConfigurationError(
        "\(workpiece.id) is a \(workpiece.description.kind.rawValue); apply runs generators, "
          + "discriminators, encoders, losses and perceptors")
    }
  }

  static let judged = Set(JudgementKind.allCases.map(\.role))

  /// Both sides of an adversarial loss, as far as the given judgements go: `real.logits.0`, ….
  private func game(_ loss: any AdversarialLoss, _ inputs: Values) throws -> Values {
    var judgements: [JudgementKind: Judgement] = [:]
    for kind in JudgementKind.allCases {
      let outputs = Values(given).port(kind.rawValue)
      guard !outputs.tensors.isEmpty else { continue }
      judgements[kind] = Judgement(
        Values(
          Dictionary(
            uniqueKeysWithValues: outputs.tensors.map {
              (
                $0.key == kind.rawValue
                  ? "logits" : String($0.key.dropFirst(kind.rawValue.count + 1)), $0.value
              )
            })))
    }
    let made = Judgements(judgements, inputs: inputs)
    var results = Values()
    let type = type(of: loss)
    if type.discriminatorJudgements.allSatisfy({ judgements[$0] != nil }) {
      results["discriminatorLoss"] = loss.discriminatorLoss(made)
    }
    if type.generatorJudgements.allSatisfy({ judgements[$0] != nil }) {
      results["generatorLoss"] = loss.generatorLoss(made)
    }
    guard !results.tensors.isEmpty else {
      throw ConfigurationError(
        "the inputs hold no judgement that \(workpiece.id) wants, such as real.logits.0 and "
          + "fake.logits.0; they hold \(given.keys.sorted().joined(separator: ", "))")
    }
    return results
  }

  /// A label map may be given as one-hot planes; it must not hold a class there is not.
  private func checkLabels(_ inputs: inout Values, _ ports: [Port]) throws {
    for port in ports where port.kind == .labelMap {
      guard let labels = inputs.tensor(port.name) else { continue }
      if labels.rank == 4 { inputs[port.name] = labels.argmax(axis: 3) }
      guard let classes = port["classes"], labels.rank == 3, labels.count > 0 else { continue }
      let greatest = labels.max().item()
      guard greatest < Float(classes), labels.min().item() >= 0 else {
        throw ConfigurationError(
          "\(port.name) holds labels up to \(Int(greatest)), expected 0..<\(classes)")
      }
    }
  }

  /// The gradients of Σ cotangent·output with respect to the inputs and weights.
  ///
  /// - Throws: `ConfigurationError` naming a cotangent that fits no output.
  func gradients(
    of outputs: Values, cotangents: [String: Tensor], at leaves: [(name: String, tensor: Tensor)]
  ) throws -> [String: Tensor] {
    var total: Tensor?
    for (name, cotangent) in cotangents.sorted(by: { $0.key < $1.key }) {
      guard let output = outputs.tensor(name), output.shape == cotangent.shape else {
        let found = outputs.names.map { "\($0) \(outputs[$0].shape)" }.joined(separator: ", ")
        throw ConfigurationError(
          "the cotangent \(name) \(cotangent.shape) fits no output; outputs are \(found)")
      }
      let term = (output * cotangent).sum()
      total = total.map { $0 + term } ?? term
    }
    guard let total else { throw ConfigurationError("the cotangents file holds no tensor") }
    let found = PluginAPI.gradients(of: total, at: leaves.map(\.tensor))
    return Dictionary(
      zip(leaves, found).map { ($0.name, $1 ?? Tensor.zeros($0.tensor.shape)) }
    ) { $1 }
  }
}
