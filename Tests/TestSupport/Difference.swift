import Tensor

/// The largest difference between two tensors, relative to the largest number expected (at least 1e-6).
///
/// Infinite when the shapes differ or a number is missing (NaN) on one side only.
public func difference(_ found: Tensor, _ expected: Tensor) -> Float {
  guard found.shape == expected.shape else { return .infinity }
  return difference(found.scalars(), expected.scalars())
}

/// The same for plain arrays.
public func difference(_ found: [Float], _ expected: [Float]) -> Float {
  guard found.count == expected.count else { return .infinity }
  var largest: Float = 0
  var scale: Float = 1e-6
  for (a, b) in zip(found, expected) where !(a.isNaN && b.isNaN) {
    if a.isNaN || b.isNaN { return .infinity }
    if a == b {
      scale = b.isFinite ? max(scale, abs(b)) : scale
      continue
    }
    guard a.isFinite && b.isFinite else { return .infinity }
    largest = max(largest, abs(a - b))
    scale = max(scale, abs(b))
  }
  return largest / scale
}
