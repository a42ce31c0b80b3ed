import Tensor

/// A box that holds one trainable weight.
///
/// The tensor inside is immutable: an update puts a new tensor into the box, so results that are
/// still to be computed keep the old one. A parameter is empty until its network is initialized or
/// its weights are loaded; counting and describing a network therefore costs no memory.
public final class Parameter {
  /// The shape that every value has.
  public let shape: [Int]
  /// The distribution of the first value.
  public let initial: Initializer
  private var stored: Tensor?

  /// Creates an empty parameter.
  public init(_ shape: [Int], initial: Initializer) {
    precondition(shape.allSatisfy { $0 > 0 }, "[Parameter] shape \(shape) has an empty axis")
    self.shape = shape
    self.initial = initial
  }

  /// The number of scalars.
  public var count: Int { shape.reduce(1, *) }

  /// Whether there is a value already.
  public var isInitialized: Bool { stored != nil }

  /// The current value: a variable, that is, a tensor at which gradients can be asked.
  ///
  /// A new value is computed before it enters the box, and brings no history with it.
  public var value: Tensor {
    get {
      guard let stored else {
        preconditionFailure(
          "[Parameter] of shape \(shape) read before `initialize` or the loading of weights")
      }
      return stored
    }
    set {
      precondition(
        newValue.shape == shape,
        "[Parameter] a value of shape \(newValue.shape) does not fit shape \(shape)")
      stored = newValue.detached().evaluated().variable()
    }
  }

  /// Replaces the value, and what an optimizer keeps for it, by what `step` makes of both; in the memory they have
  /// where nobody else holds them.
  ///
  /// - Parameters:
  ///   - state: what is kept beside the value, by name. To serve again its memory must be held by nobody else.
  ///   - step: gives the new value and puts the new state in place of the old one. It keeps neither elsewhere.
  public func update(
    _ state: inout [String: Tensor],
    by step: (_ value: Tensor, _ state: inout [String: Tensor]) -> Tensor
  ) {
    let names = state.keys.sorted()
    var tensors = [value.detached()] + names.compactMap { state.removeValue(forKey: $0) }
    stored = nil
    var newNames: [String] = []
    withoutGradient {
      Tensor.replace(&tensors) { old in
        var changed = Dictionary(uniqueKeysWithValues: zip(names, old.dropFirst()))
        let next = step(old[0], &changed)
        precondition(
          next.shape == shape,
          "[Parameter] a value of shape \(next.shape) does not fit shape \(shape)")
        let sorted = changed.sorted { $0.key < $1.key }
        newNames = sorted.map(\.key)
        return [next.detached()] + sorted.map { $0.value.detached() }
      }
    }
    stored = tensors[0].variable()
    state = Dictionary(uniqueKeysWithValues: zip(newNames, tensors.dropFirst()))
  }
}
