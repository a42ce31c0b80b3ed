/// Computes the derivatives of `output` with respect to `inputs`, in reverse mode.
///
///     result[i] = Σ_j cotangent[j] · ∂output[j] / ∂inputs[i]
///
/// Only the derivatives on a path from `output` to one of `inputs` are formed. The results may be pending
/// expressions.
///
/// - Parameters:
///   - output: any shape; a scalar as a rule.
///   - cotangent: the shape of `output`; ones if absent.
///   - inputs: variables, or results computed from variables.
///   - differentiable: whether the results are recorded in turn, for derivatives of derivatives.
///   - releasing: whether what was recorded between `output` and `inputs` is let go on the way, and with it the memory
///     of intermediate results. No derivative can be asked through it again.
/// - Returns: for each input a tensor of its shape, or `nil` where `output` does not depend on it.
public func gradients(
  of output: Tensor, cotangent: Tensor? = nil, at inputs: [Tensor], differentiable: Bool = false,
  releasing: Bool = false
) -> [Tensor?] {
  precondition(
    !(differentiable && releasing),
    "[gradients] derivatives of derivatives need what `releasing` lets go")
  if let cotangent {
    precondition(
      cotangent.shape == output.shape,
      "[gradients] the cotangent has shape \(cotangent.shape), expected \(output.shape)")
  }
  for (index, input) in inputs.enumerated() {
    precondition(
      input.node != nil,
      "[gradients] input \(index), of shape \(input.shape), is neither a variable nor computed from one; "
        + "make it one before it is used: `let x = x.variable()`")
  }
  guard let root = output.node else { return inputs.map { _ in nil } }
  return Recording.with(differentiable) {
    var walk = BackwardWalk(from: root, to: inputs.compactMap { $0.node })
    walk.run(seed: cotangent ?? Tensor.ones(output.shape), releasing: releasing) { _, _ in false }
    return inputs.map { $0.node.flatMap { walk.result(at: $0) } }
  }
}

/// Computes the derivatives of `output` at variables and hands each over as soon as it is complete.
///
/// What was recorded is let go on the way, as by ``gradients(of:cotangent:at:differentiable:releasing:)`` with
/// `releasing`. Whoever is done with a derivative before the next one comes needs no memory for all of them.
///
/// - Parameters:
///   - output: a scalar.
///   - variables: where derivatives are wanted, each once.
///   - receive: called with the index of a variable and the derivative there, of its shape; not at all where `output`
///     does not depend on it.
public func forEachGradient(
  of output: Tensor, at variables: consuming [Tensor],
  _ receive: (_ index: Int, _ gradient: Tensor) -> Void
) {
  precondition(
    output.count == 1, "[forEachGradient] the output has shape \(output.shape), expected a scalar")
  precondition(
    variables.allSatisfy(\.isVariable),
    "[forEachGradient] an input is no variable; make it one before it is used: "
      + "`let x = x.variable()`")
  guard let root = output.node else { return }
  Recording.with(false) {
    let targets = variables.compactMap(\.node)
    // Whoever replaces a variable's numbers while the walk goes on finds them held by nobody here.
    variables = []
    let indices = Dictionary(targets.enumerated().map { (ObjectIdentifier($1), $0) }) { first, _ in
      preconditionFailure("[forEachGradient] variable \(first) is there twice")
    }
    var walk = BackwardWalk(from: root, to: targets)
    walk.run(seed: Tensor.ones(output.shape), releasing: true) { id, gradient in
      if let index = indices[id] { receive(index, gradient) }
      return true
    }
  }
}

/// One walk over the recorded nodes, from the result to the inputs.
private struct BackwardWalk {
  private var nodes: [Node] = []  // ascending order, only those that matter
  private var needed: Set<ObjectIdentifier> = []
  private let targets: Set<ObjectIdentifier>
  private var sums: [ObjectIdentifier: Tensor] = [:]
  private var slices: [ObjectIdentifier: SliceSum] = [:]
  private var products: [ObjectIdentifier: ProductSum] = [:]
  /// How many derivatives may still arrive at each target.
  private var expected: [ObjectIdentifier: Int] = [:]

  init(from root: Node, to targets: [Node]) {
    self.targets = Set(targets.map { ObjectIdentifier($0) })
    let oldest = targets.map(\.order).min() ?? root.order
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
    var stack = [root]
    while let node = stack.popLast() {
      nodes.append(node)
      precondition(
        !node.isReleased,
        "[gradients] what was recorded here was let go by an earlier call with `releasing`")
      for derivative in node.derivatives {
        guard let input = derivative.input, input.order >= oldest else { continue }
        if seen.insert(ObjectIdentifier(input)).inserted { stack.append(input) }
      }
    }
    nodes.sort { $0.order < $1.order }
    for node in nodes {
      let leads = node.derivatives.contains { derivative in
        derivative.input.map { needed.contains(ObjectIdentifier($0)) } ?? false
      }
      if leads || self.targets.contains(ObjectIdentifier(node)) {
        needed.insert(ObjectIdentifier(node))
      }
    }
    for node in nodes where needed.contains(ObjectIdentifier(node)) {
      for target in inputs(of: node, among: self.targets) { expected[target, default: 0] += 1 }
    }
  }

  /// The inputs of a node that are among `targets`, each as often as it is one.
  private func inputs(
    of node: Node, among targets: Set<ObjectIdentifier>
  ) -> [ObjectIdentifier] {
    node.derivatives.compactMap { $0.input.map(ObjectIdentifier.init) }.filter(targets.contains)
  }

  /// Passes derivatives down in reverse topological order.
  ///
  /// `receive` is told what is complete at targets, and says whether it may be forgotten here.
  mutating func run(
    seed: Tensor, releasing: Bool,
    receive: (_ target: ObjectIdentifier, _ derivative: Tensor) -> Bool
  ) {
    guard let root = nodes.last, needed.contains(ObjectIdentifier(root)) else { return }
    sums[ObjectIdentifier(root)] = seed
    let scope = Profile.scope
    defer { Profile.scope = scope }
    while let node = nodes.popLast() {
      let id = ObjectIdentifier(node)
      let reached = needed.contains(id) ? inputs(of: node, among: targets) : []
      passDown(from: node)
      if releasing, needed.contains(id) { node.release() }
      var complete = node === root ? [id] : []
      for target in reached {
        expected[target, default: 0] -= 1
        if expected[target] == 0 { complete.append(target) }
      }
      // Sums belong to the component of the op, what is done with them to the caller.
      for target in complete { join(target) }
      Profile.scope = scope
      for target in complete {
        if let sum = sums[target], receive(target, sum) { sums[target] = nil }
      }
    }
  }

  private mutating func passDown(from node: Node) {
    let id = ObjectIdentifier(node)
    Profile.scope = node.scope | 1
    join(id)
    guard let cotangent = sums[id] else { return }
    if !targets.contains(id) { sums[id] = nil }
    let output = node.output.map { Tensor($0, node: Recording.isOn ? node : nil) }
    for derivative in node.derivatives {
      guard let input = derivative.input, needed.contains(ObjectIdentifier(input)) else {
        continue
      }
      pass(cotangent, output, to: input, derivative)
    }
  }

  private mutating func pass(
    _ cotangent: Tensor, _ output: Tensor?, to node: Node, _ derivative: Derivative
  ) {
    let id = ObjectIdentifier(node)
    switch derivative.part {
    case .whole(let apply): add(apply(cotangent, output), to: id, derivative.shape)
    case .slice(let region):
      slices[id, default: SliceSum(shape: derivative.shape)].add(cotangent, at: region)
    case .product(let factors): products[id, default: ProductSum()].add(factors(cotangent))
    }
  }

  private mutating func add(_ part: Tensor, to id: ObjectIdentifier, _ shape: [Int]) {
    precondition(
      part.shape == shape,
      "[gradients] a derivative has shape \(part.shape), its input has \(shape)")
    if let sum = sums[id] { sums[id] = sum + part } else { sums[id] = part }
  }

  /// Adds what was put aside for a node, to be joined, to what it has.
  private mutating func join(_ id: ObjectIdentifier) {
    if let parts = slices.removeValue(forKey: id) {
      for layer in parts.joined() { add(layer, to: id, parts.shape) }
    }
    if let parts = products.removeValue(forKey: id) {
      let product = parts.joined()
      add(product, to: id, product.shape)
    }
  }

  func result(at node: Node) -> Tensor? { sums[ObjectIdentifier(node)] }
}
