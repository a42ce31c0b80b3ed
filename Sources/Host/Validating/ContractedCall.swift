import PluginAPI

/// A component as one number, L = Σ c · output with fixed random c, of its inputs and weights: what
/// derivatives are compared of.
final class ContractedCall {
  /// Something that L is a function of.
  struct Leaf {
    let name: String
    let value: Tensor
    let isWeight: Bool
  }

  let piece: Piece
  let training: Bool
  /// Inputs of real numbers, then weights; at most `limit` of these.
  private(set) var leaves: [Leaf] = []
  private let inputs: Values
  private var cotangents: [String: Tensor] = [:]

  /// Prepares calls in one mode.
  ///
  /// In training only inputs are leaves: what layers take from weights there by iteration (power
  /// iterations) counts as constant by design.
  ///
  /// With `settled`, running statistics are first brought near those of the inputs.
  ///
  /// - Throws: what the component throws, or `CheckSkipped` where no real number goes in.
  init(_ piece: Piece, training: Bool, limit: Int = 12, settled: Bool = false) throws {
    self.piece = piece
    self.training = training
    piece.initialize()
    inputs = try piece.inputs()
    if settled { try settle() }
    let names = inputs.names.filter { piece.isContinuous($0) && !piece.isConstant($0) }
    leaves = names.map { Leaf(name: $0, value: inputs[$0], isWeight: false) }
    if !training, let module = piece.module {
      var random = piece.subject.random("weights")
      var weights = module.namedParameters
      if piece.subject.kind == .loss {
        // A network that a loss looks through is frozen, and may stand on one side alone.
        let inSlots = piece.workpiece.parts.compactMap { $0 as? any Module }
          .flatMap { $0.namedParameters.map { ObjectIdentifier($0.parameter) } }
        weights.removeAll { inSlots.contains(ObjectIdentifier($0.parameter)) }
      }
      while weights.count > limit {
        weights.remove(at: Int(random.next() % UInt64(weights.count)))
      }
      leaves += weights.map { Leaf(name: $0.path, value: $0.parameter.value, isWeight: true) }
    }
    guard training || !leaves.isEmpty else {
      throw CheckSkipped("nothing that goes in is a real number")
    }
    var random = piece.subject.random("cotangents")
    let outputs = try call(leaves.map(\.value))
    for name in outputs.names {
      let scale = 1 / Float(max(outputs[name].count, 1)).squareRoot()
      cotangents[name] = (Tensor.normal(outputs[name].shape, using: &random) * scale).evaluated()
    }
  }

  /// Lets running statistics come near those of the inputs.
  ///
  /// With the first ones, every layer of an untrained network shrinks what passes, down to where each
  /// step of a difference crosses a kink.
  private func settle() throws {
    guard let module = piece.module, !module.namedBuffers.isEmpty else { return }
    let context = piece.context(training: true, updatesBuffers: true)
    for _ in 0..<30 { _ = try withoutGradient { try piece(inputs, context) } }
    for (_, buffer) in module.namedBuffers { buffer.value = buffer.value.detached().evaluated() }
  }

  /// L, and how large its terms are: what rounding is in proportion to.
  func value(_ leaves: [Tensor]) throws -> (sum: Double, size: Double) {
    let outputs = try call(leaves)  // recorded, for penalties ask for gradients inside
    var (sum, squares) = (0.0, 0.0)
    for (name, cotangent) in cotangents.sorted(by: { $0.key < $1.key }) {
      for (a, b) in zip(outputs[name].scalars(), cotangent.scalars()) {
        let term = Double(a) * Double(b)
        sum += term
        squares += term * term
      }
    }
    return (sum, squares.squareRoot())
  }

  /// The derivative of L at every leaf, or at one, and the leaves as variables; `nil` where L does not
  /// depend on one.
  func slopes(
    _ values: [Tensor], at index: Int? = nil, differentiable: Bool = false
  ) throws -> (leaves: [Tensor], slopes: [Tensor?]) {
    let variables = values.map { $0.variable() }
    let outputs = try call(variables)
    // A weight's box makes a variable of its own of what is put into it.
    let boxes = Dictionary(
      (piece.module?.namedParameters ?? []).map { ($0.path, $0.parameter.value) }
    ) { first, _ in first }
    let points = zip(leaves, variables).map { $0.isWeight ? boxes[$0.name] ?? $1 : $1 }
    var total: Tensor?
    for name in outputs.names {
      guard let cotangent = cotangents[name] else { continue }
      let term = (outputs[name] * cotangent).sum()
      total = total.map { $0 + term } ?? term
    }
    guard let total else { return (points, points.map { _ in nil }) }
    let asked = index.map { [points[$0]] } ?? points
    return (points, gradients(of: total, at: asked, differentiable: differentiable))
  }

  private func call(_ values: [Tensor]) throws -> Values {
    var inputs = inputs
    let parameters = Dictionary(
      (piece.module?.namedParameters ?? []).map { ($0.path, $0.parameter) }
    ) { first, _ in first }
    for (leaf, value) in zip(leaves, values) {
      if leaf.isWeight { parameters[leaf.name]?.value = value } else { inputs[leaf.name] = value }
    }
    let outputs = try piece(inputs, piece.context(training: training))
    return Values(outputs.tensors.filter { piece.isDifferentiable($0.key) })
  }
}

extension Piece {
  /// Whether an input is of real numbers, of which there are derivatives.
  func isContinuous(_ name: String) -> Bool {
    let kinds: Set<PluginAPI.Port.Kind> = [
      .image, .segmentation, .mask, .poseMaps, .partMasks, .words, .sentence, .latent, .posterior,
      .features, .logits, .attentionMaps, .partTransforms, .classPlanes,
    ]
    let port = String(name.prefix { $0 != "." })
    if let consumed = workpiece.consumed.first(where: { $0.name == name || $0.name == port }) {
      return kinds.contains(consumed.kind) && !name.hasSuffix(".lengths")
    }
    switch subject.kind {
    case .adversarialLoss, .regularizer: return true
    case .optimizer: return true
    case .view: return name == "map"
    case .adapter: return adapted.map { kinds.contains($0.provider.kind) } ?? false
    default: return false
    }
  }

  /// Whether a term may take an input for a constant: real images, and what a discriminator says of
  /// them, where the generator minimises; the second of two images of a kind, from which a distance
  /// is often not followed; the images, where a regulariser does.
  fileprivate func isConstant(_ name: String) -> Bool {
    let port = workpiece.consumed.first { name == $0.name || name.hasPrefix($0.name + ".") }
    if subject.kind == .regularizer { return name != "critic.weight" }
    let isReal = port?.role == .real || port?.kind == .image && port?.role == .target
    let first = workpiece.consumed.first { $0.kind == port?.kind && $0.role == port?.role }
    let isSecond = port?.kind == .image && first?.name != port?.name
    return subject.kind == .loss && (isReal || isSecond)
      && (try? subject.description.side(settings)) == .generator
  }

  /// Whether an output is one of which derivatives are asked.
  func isDifferentiable(_ name: String) -> Bool {
    if subject.kind == .view { return name.hasPrefix("views") }
    let port = workpiece.provided.first { name == $0.name || name.hasPrefix($0.name + ".") }
    let whole: Set<PluginAPI.Port.Kind> = [
      .labelMap, .instanceMap, .caption, .attributeList, .classLabel,
    ]
    return !(port.map { whole.contains($0.kind) } ?? false) && !name.hasSuffix(".lengths")
  }
}
