/// One recorded op: how a derivative passes from its result to each of its inputs.
///
/// Nodes are numbered as they are made, so that descending order is a reverse topological order.
/// A chain of many thousand nodes is released iteratively, see `deinit`.
final class Node {
  let order: Int
  private(set) var derivatives: [Derivative]
  /// The op's own result, for derivatives that are shorter in terms of it (exp, tanh, …).
  private(set) var output: Value?
  /// Whether a walk that was the last one has passed.
  private(set) var isReleased = false
  /// The component whose forward pass recorded the op, see `Profile`.
  let scope = Profile.scope

  nonisolated(unsafe) private static var next = 0

  init(_ derivatives: [Derivative], output: Value?) {
    order = Node.next
    Node.next += 1
    self.derivatives = derivatives
    self.output = derivatives.contains { $0.usesOutput } ? output : nil
  }

  /// Lets go of everything that further walks would need.
  func release() {
    if derivatives.isEmpty { return }
    derivatives = []
    output = nil
    isReleased = true
  }

  // Releasing a long chain link by link would recurse once per link; the links are queued instead.
  nonisolated(unsafe) private static var released: [[Derivative]] = []
  nonisolated(unsafe) private static var isReleasing = false

  deinit {
    if derivatives.isEmpty { return }
    Node.released.append(derivatives)
    derivatives = []
    if Node.isReleasing { return }
    Node.isReleasing = true
    while Node.released.popLast() != nil {}
    Node.isReleasing = false
  }
}

/// How a derivative passes from the result of an op to one of its inputs.
///
/// The function is written with ops and is called at most once per walk, only if the derivative at the input is
/// wanted. Let it capture only what it needs: captured tensors live as long as the result does.
struct Derivative {
  let input: Node?
  let shape: [Int]
  let usesOutput: Bool
  let part: Part

  /// What the input receives.
  enum Part {
    /// A tensor of its shape.
    case whole((_ cotangent: Tensor, _ output: Tensor?) -> Tensor)
    /// The cotangent at a region, nothing elsewhere.
    ///
    /// Several slices of one input are joined where they meet, instead of being filled up with zeros and added.
    case slice(Region)
    /// pᵀ · q of two matrices `[R, …]`.
    ///
    /// Several such products, of a weight that is used step by step, become one over the rows of all.
    case product((_ cotangent: Tensor) -> (p: Tensor, q: Tensor))
  }

  /// Elements `range` along `axis`.
  struct Region {
    let axis: Int
    let range: Range<Int>
  }

  /// The derivative of an op with respect to `input`, given that with respect to the op's result.
  init(of input: Tensor, _ apply: @escaping (_ cotangent: Tensor) -> Tensor) {
    self.init(of: input, .whole { cotangent, _ in apply(cotangent) })
  }

  /// The same, for an op whose derivative is written in terms of its own result.
  ///
  /// The result must not be captured (it would keep itself alive); it is handed in.
  init(
    of input: Tensor,
    fromOutput apply: @escaping (_ cotangent: Tensor, _ output: Tensor) -> Tensor
  ) {
    let part = Part.whole { cotangent, output in
      guard let output else { preconditionFailure("[derivative] the op's result was not kept") }
      return apply(cotangent, output)
    }
    self.init(of: input, part, usesOutput: true)
  }

  /// A derivative that may be joined with others of the same input.
  init(of input: Tensor, _ part: Part, usesOutput: Bool = false) {
    self.input = input.node
    shape = input.shape
    self.usesOutput = usesOutput
    self.part = part
  }
}
