import Tensor

/// A box that holds state which is saved with a network but not trained.
///
/// Running statistics and power-iteration vectors are buffers. Layers change them only where
/// `CallContext.updatesBuffers` says so, never through a recorded graph.
public final class Buffer {
  /// The shape that every value has.
  public let shape: [Int]
  /// The distribution of the first value.
  public let initial: Initializer
  private var stored: Tensor?

  /// Creates an empty buffer.
  public init(_ shape: [Int], initial: Initializer) {
    precondition(shape.allSatisfy { $0 > 0 }, "[Buffer] shape \(shape) has an empty axis")
    self.shape = shape
    self.initial = initial
  }

  /// The number of scalars.
  public var count: Int { shape.reduce(1, *) }

  /// Whether there is a value already.
  public var isInitialized: Bool { stored != nil }

  /// The current value, never part of a recorded graph.
  public var value: Tensor {
    get {
      guard let stored else {
        preconditionFailure(
          "[Buffer] of shape \(shape) read before `initialize` or the loading of weights")
      }
      return stored
    }
    set {
      precondition(
        newValue.shape == shape,
        "[Buffer] a value of shape \(newValue.shape) does not fit shape \(shape)")
      stored = newValue.detached().evaluated()
    }
  }
}
