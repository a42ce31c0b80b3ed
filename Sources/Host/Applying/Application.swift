import PluginAPI

/// Runs one component on given tensors: its outputs, and with cotangents the gradients of all
/// inputs and weights.
struct Application {
  let workpiece: Workpiece
  /// Whether layers behave as in training.
  let isTraining: Bool
  /// The inputs file, for messages.
  let source: String
  /// Everything in the inputs file, in the engine's layout: ports, their parts, and draws.
  let given: [String: Tensor]

  /// The outputs, under the names of ports.
  ///
  /// - Throws: `ConfigurationError` naming an input that is missing.
  func outputs() throws -> Values {
    let ports = workpiece.consumed.filter { !$0.isJudged }
    var inputs = ports.reduce(Values()) { $0.merging(Values(given).port($1.name)) }
    try readLabels(&inputs, ports)
    let others = Set(given.keys).subtracting(inputs.names)
    if !others.isEmpty { try check(others, against: inputs) }
    return try outputs(
      inputs,
      CallContext(
        training: isTraining, updatesBuffers: isTraining, seed: 1, stream: "apply", step: 0,
        given: given))
  }

  /// The draws of a call, with their shapes.
  ///
  /// - Throws: as ``outputs()``.
  func draws() throws -> [(name: String, shape: [Int])] {
    let ports = workpiece.consumed.filter { !$0.isJudged }
    var inputs = ports.reduce(Values()) { $0.merging(Values(given).port($1.name)) }
    try readLabels(&inputs, ports)
    return try draws(inputs)
  }

  private func draws(_ inputs: Values) throws -> [(name: String, shape: [Int])] {
    let context = CallContext(
      training: isTraining, updatesBuffers: false, seed: 1, stream: "draws", step: 0)
    _ = try withoutGradient { try outputs(inputs, context) }
    return context.draws
  }

  /// What is given beside the ports must be draws of their shapes; a call without them tells.
  private func check(_ names: Set<String>, against inputs: Values) throws {
    let judged = Set(JudgementKind.allCases.map(\.rawValue))
    let unread = names.filter { !judged.contains(String($0.prefix { $0 != "." })) }
    guard !unread.isEmpty else { return }
    let draws = Dictionary(try draws(inputs).map { ($0.name, $0.shape) }) { first, _ in first }
    for name in unread.sorted() {
      guard let shape = draws[name] else {
        let known = draws.keys.sorted() + inputs.names
        complain(
          "warning: \(source): nothing reads \(name); in this mode \(workpiece.id) reads "
            + known.joined(separator: ", "))
        continue
      }
      let found = given[name]?.shape ?? []
      guard found != shape else { continue }
      throw ConfigurationError(
        "\(source): the draw \(name) has the shape \(FieldLayout.outside(found, named: name)), "
          + "expected \(FieldLayout.outside(shape, named: name))")
    }
  }

  /// Calls the component.
  ///
  /// - Throws: `ConfigurationError` where its kind is none that is called.
  func outputs(_ inputs: Values, _ context: CallContext) throws -> Values {
    switch workpiece.component {
    case let generator as any Generator: return generator(inputs, in: context)
    case let encoder as any Encoder: return encoder(inputs, in: context)
    case let perceptor as any Perceptor: return perceptor(inputs, in: context)
    case let discriminator as any Discriminator:
      let features = discriminator.features(inputs, in: context)
      return discriminator.judge(features, inputs, in: context)
    case let loss as any AdversarialLoss: return try game(loss, inputs)
    case let loss as any Loss: return ["loss": loss(Values(given).merging(inputs), in: context)]
    default:
      throw ConfigurationError(
        "\(workpiece.id) is of kind \(workpiece.description.kind.rawValue); apply runs generators, "
          + "discriminators, encoders, losses and perceptors")
    }
  }

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
        "\(source): found no judgement that \(workpiece.id) wants, such as real.logits.0 and "
          + "fake.logits.0; the file holds \(given.keys.sorted().joined(separator: ", "))")
    }
    return results
  }

  /// Labels may be given as integers or as one-hot planes, whichever of them the component reads;
  /// integers must not name a class there is not.
  private func readLabels(_ inputs: inout Values, _ ports: [Port]) throws {
    for port in ports where [.labelMap, .classPlanes, .instanceMap].contains(port.kind) {
      guard var labels = inputs.tensor(port.name) else { continue }
      if labels.rank == 4 {
        if port.kind == .classPlanes { continue }
        guard labels.shape[3] == 1 else {
          inputs[port.name] = labels.argmax(axis: 3)
          continue
        }
        labels = labels.squeezed(3)
        inputs[port.name] = labels
      }
      let wrong = labels.scalars().first { label in
        !(label >= 0 && label == label.rounded() && label < Float(port["classes"] ?? .max))
      }
      if let wrong {
        throw ConfigurationError(
          "\(source): \(port.name) holds the label \(Setting.number(Double(wrong)).text), expected whole numbers from 0"
            + (port["classes"].map { " to \($0 - 1)" } ?? ""))
      }
      if port.kind == .classPlanes, let classes = port["classes"] {
        inputs[port.name] = labels.detached().oneHot(classes: classes)
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
