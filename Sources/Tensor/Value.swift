/// Numbers in memory, or an expression that yields them.
///
/// Several tensors may share a value: a tensor and its detached copy, or the two sides of a derivative.
final class Value {
  let shape: [Int]
  let count: Int
  private(set) var storage: Storage?

  init(_ shape: [Int], storage: Storage) {
    self.shape = shape
    count = Shape.count(shape)
    precondition(
      storage.count >= count,
      "[tensor] \(storage.count) numbers for shape \(shape), which has \(count)")
    self.storage = storage
  }

  /// The numbers in memory, computing them if they are pending.
  func materialized() -> Storage {
    guard let storage else { preconditionFailure("[tensor] nothing to compute") }
    return storage
  }
}
