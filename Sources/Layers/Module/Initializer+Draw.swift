import Tensor

extension Initializer {
  /// Draws a tensor of the given shape.
  ///
  /// - Parameters:
  ///   - shape: all positive; the distributions with a fan and `orthogonal` need rank 2 or more.
  ///   - stream: the source of randomness.
  /// - Returns: a tensor of that shape.
  public func draw(_ shape: [Int], using stream: inout RandomStream) -> Tensor {
    switch self {
    case .zeros: return .zeros(shape)
    case .ones: return .ones(shape)
    case .constant(let value): return .full(value, shape)
    case .values(let values): return Tensor(values, shape)
    case .normal(let mean, let std):
      let draws = Tensor.normal(shape, using: &stream) * std
      return mean == 0 ? draws : draws + mean
    case .uniform(let bound):
      return .uniform(shape, in: -bound...bound, using: &stream)
    case .fanInUniform:
      return Self.uniform(bound: 1 / fans(shape).in.squareRoot()).draw(shape, using: &stream)
    case .xavierNormal(let gain):
      let (fanIn, fanOut) = fans(shape)
      return Self.normal(std: gain * (2 / (fanIn + fanOut)).squareRoot())
        .draw(shape, using: &stream)
    case .xavierUniform(let gain):
      let (fanIn, fanOut) = fans(shape)
      return Self.uniform(bound: gain * (6 / (fanIn + fanOut)).squareRoot())
        .draw(shape, using: &stream)
    case .kaimingNormal(let slope):
      let variance = 2 / ((1 + slope * slope) * fans(shape).in)
      return Self.normal(std: variance.squareRoot()).draw(shape, using: &stream)
    case .orthogonal(let gain):
      return orthonormal(shape, using: &stream) * gain
    case .unitVector:
      let draws = Tensor.normal(shape, using: &stream)
      return draws / maximum(draws.norm(), Tensor(1e-12))
    }
  }

  private func fans(_ shape: [Int]) -> (in: Float, out: Float) {
    precondition(shape.count >= 2, "[Initializer] \(self) needs rank 2 or more, found \(shape)")
    let field = shape.dropFirst(2).reduce(1, *)
    return (Float(shape[1] * field), Float(shape[0] * field))
  }

  /// The orthonormal factor of a normal matrix, uniformly distributed (arXiv:1312.6120).
  private func orthonormal(_ shape: [Int], using stream: inout RandomStream) -> Tensor {
    precondition(shape.count >= 2, "[Initializer] \(self) needs rank 2 or more, found \(shape)")
    let rows = shape[0]
    let columns = shape.dropFirst().reduce(1, *)
    let draws = Tensor.normal([rows, columns], using: &stream)
    let q = LinearAlgebra.qr(rows < columns ? draws.transposed() : draws).q
    return (rows < columns ? q.transposed() : q).reshaped(shape)
  }
}
