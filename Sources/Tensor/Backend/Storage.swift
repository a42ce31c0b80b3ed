/// A block of floats, 64-byte aligned, that goes back to the memory pool with its last reference.
///
/// Written once, by the kernel that computes it, and only read from then on; the block may then serve a successor, see
/// `Tensor.replace` and `Value.soleSources`.
final class Storage {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>
  private var ownsBlock = true

  // Other forms of the same numbers, such as weights in the order a convolution wants. They live as long as the
  // numbers.
  private var forms: [AnyHashable: Storage] = [:]
  private var requests: Set<AnyHashable> = []

  /// When a copy in another form stays beside the numbers.
  enum Keeping {
    case never
    /// For what soon goes away together with its copies.
    case always
    /// For weights. A large one takes as much memory again, which is worth it only where it is needed
    /// again: a discriminator's are used several times a step, a generator's once, before they change.
    case onceAskedAgain
  }

  /// Takes a block of `count` floats from the pool, with whatever it contains.
  init(count: Int) {
    self.count = count
    pointer = MemoryPool.shared.take(count)
  }

  /// Takes the block of another one, whose numbers nobody reads any more once a pass has written new ones.
  init(takingOver other: Storage) {
    count = other.count
    pointer = other.pointer
    other.ownsBlock = false
  }

  /// Copies `values`.
  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
    }
  }

  /// The copy in the form `key`, which `make` makes where there is none.
  func form(_ key: AnyHashable, keeping: Keeping, _ make: () -> Storage) -> Storage {
    if let form = forms[key] { return form }
    let copy = make()
    switch keeping {
    case .never: break
    case .always: forms[key] = copy
    case .onceAskedAgain:
      let isAskedAgain = !requests.insert(key).inserted
      if copy.count < Storage.largeForm || isAskedAgain && copy.count < Storage.hugeForm {
        forms[key] = copy
      }
    }
    return copy
  }

  /// Smaller copies are kept at once.
  private static let largeForm = 1 << 20
  /// Larger copies are never kept: networks that have such weights have many, and little memory left.
  private static let hugeForm = 1 << 23

  deinit { if ownsBlock { MemoryPool.shared.give(pointer, count) } }
}
