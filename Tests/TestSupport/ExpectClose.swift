import Tensor
import Testing

/// Expects a tensor's numbers to lie near some expected ones, relative to the larger magnitude.
///
///     |actual - expected| ≤ tolerance · max(1, |expected|)
public func expectClose(
  _ actual: Tensor, _ expected: [Float], tolerance: Float = 1e-5,
  _ comment: @autoclosure () -> Comment = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual.scalars(), expected, tolerance: tolerance, comment(), sourceLocation: sourceLocation)
}

/// Expects two tensors to have the same shape and nearly the same numbers.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, tolerance: Float = 1e-5,
  _ comment: @autoclosure () -> Comment = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, comment(), sourceLocation: sourceLocation)
  expectClose(
    actual.scalars(), expected.scalars(), tolerance: tolerance, comment(),
    sourceLocation: sourceLocation)
}

/// Expects numbers to lie near some expected ones, relative to the larger magnitude.
public func expectClose(
  _ actual: [Float], _ expected: [Float], tolerance: Float = 1e-5,
  _ comment: @autoclosure () -> Comment = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(actual.count) numbers, expected \(expected.count). \(comment())",
      sourceLocation: sourceLocation)
    return
  }
  var worst: (index: Int, error: Float) = (0, 0)
  for index in actual.indices where actual[index] != expected[index] {
    if actual[index].isNaN && expected[index].isNaN { continue }
    var error = abs(actual[index] - expected[index]) / max(1, abs(expected[index]))
    if error.isNaN { error = .infinity }
    if error > worst.error { worst = (index, error) }
  }
  if worst.error > tolerance {
    Issue.record(
      """
      number \(worst.index) of \(actual.count) is \(actual[worst.index]), expected \
      \(expected[worst.index]); off by \(worst.error), tolerance \(tolerance). \(comment())
      """, sourceLocation: sourceLocation)
  }
}
