/// A block of floats, 64-byte aligned, that goes back to the memory pool with its last reference.
///
/// Written once, by the kernel that computes it, and only read from then on.
final class Storage {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>

  /// Other forms of the same numbers that the backend keeps beside them, such as weights in the order
  /// a convolution wants. They live as long as the numbers.
  var forms: [AnyHashable: AnyObject] = [:]

  /// Takes a block of `count` floats from the pool, with whatever it contains.
  init(count: Int) {
    self.count = count
    pointer = MemoryPool.shared.take(count)
  }

  /// Copies `values`.
  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
    }
  }

  deinit { MemoryPool.shared.give(pointer, count) }
}
