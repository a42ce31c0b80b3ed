/// An immutable array of `Float` numbers with a shape, whose computation can be differentiated.
///
/// A `Tensor` is a small handle made of two references:
///
/// - its *value*, which is either numbers in memory or an expression that has not been computed yet.
///   Element-wise ops, reductions and most movements only write down an expression; a whole chain of them runs in
///   one pass over memory when somebody needs the numbers (a convolution, a product, `scalars()`,
///   `evaluated()`). Writing `x * scale + shift` costs nothing but the note.
/// - its *node*, present when a derivative can be asked: for each input the function that turns the derivative
///   with respect to this tensor into that with respect to the input. The functions are written with ops, so
///   derivatives can be differentiated again.
///
/// Tensors never change. A parameter is updated by putting a new tensor in its box; chains that are
/// still pending keep reading the old numbers.
///
/// All work on tensors belongs to one thread at a time: the values are not `Sendable`, and the thread
/// pool keeps one team of threads per calling thread.
///
/// How an op is written (`Ops/`, one file each: check, shape, value, derivative):
///
/// ```swift
/// public func product(_ a: Tensor, _ b: Tensor) -> Tensor {
///   precondition(a.shape[1] == b.shape[0], "[product] inner sizes … differ")     // check
///   let output = Storage(count: a.shape[0] * b.shape[1])                          // pooled, aligned
///   Backend.product(a.storage, b.storage, into: output)                          // `storage` computes
///   return Tensor(
///     output, shape: [a.shape[0], b.shape[1]],
///     derivatives: [
///       Derivative(of: a) { g in product(g, b.transposed()) },                     // with ops
///       Derivative(of: b) { g in product(a.transposed(), g) },
///     ])
/// }
/// ```
public struct Tensor {
  /// The numbers, or the recipe for them.
  var value: Value
  /// The link to what this tensor was computed from; `nil` when no derivative can be asked.
  let node: Node?

  init(_ value: Value, node: Node? = nil) {
    self.value = value
    self.node = node
  }

  /// The size of each axis; empty for a scalar.
  public var shape: [Int] { value.shape }
  /// The number of axes.
  public var rank: Int { value.shape.count }
  /// The number of elements.
  public var count: Int { value.count }

  /// The numbers in memory, row-major; computes them if they are pending.
  ///
  /// Valid as long as the returned object is held; never written again by anyone.
  var storage: Storage { value.materialized() }
}

// MARK: - Making results

extension Tensor {
  /// Wraps numbers computed by an op.
  ///
  /// `derivatives` is not even built while nothing is being recorded, and those of inputs that need no
  /// derivative are dropped with everything they captured.
  init(
    _ storage: Storage, shape: [Int], op: StaticString = #function,
    derivatives: @autoclosure () -> [Derivative] = []
  ) {
    FiniteCheck.inspect(
      storage, shape, op: op.description, inputs: derivatives().map(\.shape))
    self.init(Value(shape, storage: storage), derivatives: derivatives())
  }

  /// Wraps a value, computed or pending, and links it to its inputs.
  init(_ value: Value, derivatives: @autoclosure () -> [Derivative]) {
    ComputeThread.check()
    self.value = value
    guard Recording.isOn else {
      node = nil
      return
    }
    let live = derivatives().filter { $0.input != nil }
    node = live.isEmpty ? nil : Node(live, output: value)
  }
}

// MARK: - Reading

extension Tensor {
  /// Computes the tensor and copies its numbers out, row-major.
  public func scalars() -> [Float] {
    withScalars { Array($0) }
  }

  /// Computes the tensor and returns its only number.
  public func item() -> Float {
    precondition(count == 1, "[item] a tensor of shape \(shape) has \(count) numbers, expected one")
    return withScalars { $0[0] }
  }

  /// Computes the tensor and lends its numbers, row-major, for the duration of `body`.
  ///
  /// For codecs and files only; everything else is an op.
  public func withScalars<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    let storage = self.storage
    return try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.pointer, count: count))
    }
  }
}

// MARK: - Derivatives

extension Tensor {
  /// Whether a derivative can be asked with respect to this tensor.
  public var requiresGradient: Bool { node != nil }

  /// Whether this tensor is the start of a recording, made by `variable()`.
  public var isVariable: Bool { node?.derivatives.isEmpty ?? false }

  /// The same numbers as a leaf at which derivatives can be asked.
  public func variable() -> Tensor { Tensor(value, node: Node([], output: nil)) }

  /// The same numbers without any link to what they were computed from.
  public func detached() -> Tensor { Tensor(value) }
}
