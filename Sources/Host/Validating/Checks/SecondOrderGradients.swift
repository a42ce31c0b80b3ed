import PluginAPI

/// Derivatives of gradients agree with finite differences of gradients: what penalties on gradients
/// train with.
enum SecondOrderGradients: Check {
  static let name = "second-order"
  static let sentence = "Derivatives of gradients agree, where a gradient penalty goes through it."

  /// Discriminators, and what stands before one.
  static func applies(to kind: ComponentKind) -> Bool {
    [.discriminator, .view, .adapter].contains(kind)
  }

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let piece = try subject.smallest()
    for training in [false, true] {
      let call = try ContractedCall(piece, training: training, limit: 3)
      guard call.leaves.contains(where: { !$0.isWeight }) else {
        return .skipped("nothing that goes in is a real number")
      }
      let values = call.leaves.map(\.value)
      for index in call.leaves.indices where !call.leaves[index].isWeight {
        for other in call.leaves.indices {
          try compare(call, values, of: index, along: other, training: training)
        }
      }
    }
    return .passed
  }

  /// The derivative of Σ u · ∂L/∂x along single numbers of another leaf.
  ///
  /// A network with kinks has gradients that jump, and a difference across a jump says nothing: it
  /// is known by the differences to both sides, which are not alike. Those count of which more than
  /// rounding is seen, and most of these must agree.
  private static func compare(
    _ call: ContractedCall, _ values: [Tensor], of index: Int, along other: Int, training: Bool
  ) throws {
    let (leaf, moved) = (call.leaves[index], call.leaves[other])
    var random = call.piece.subject.random("second \(leaf.name) \(moved.name)")
    let contraction = Tensor.normal(leaf.value.shape, using: &random).evaluated()
    func slopeAlong(_ place: Int, _ distance: Float) throws -> (sum: Double, size: Double) {
      var numbers = moved.value.scalars()
      numbers[place] += distance
      var points = values
      points[other] = Tensor(numbers, moved.value.shape)
      guard let slope = try call.slopes(points, at: index).slopes[0] else { return (0, 0) }
      let terms = (slope * contraction).scalars()
      let sums = terms.reduce((0, 0)) { ($0.0 + Double($1), $0.1 + Double($1 * $1)) }
      return (sums.0, sums.1.squareRoot())
    }
    let (points, slopes) = try call.slopes(values, at: index, differentiable: true)
    var exact: [Float]?
    if let slope = slopes[0], slope.requiresGradient {
      exact = gradients(of: (slope * contraction).sum(), at: [points[other]])[0]?.scalars()
    }
    let here = try slopeAlong(0, 0)
    var (right, wrong) = (0, [Comparison]())
    for place in places(exact, moved.value.count, &random) where right < 2 {
      for step in [Float(2e-3), 5e-4] {
        let width = Double(step)
        let ahead = (try slopeAlong(place, step).sum - here.sum) / width
        let behind = (here.sum - (try slopeAlong(place, -step).sum)) / width
        let comparison = Comparison(
          exact: Double(exact?[place] ?? 0), difference: (ahead + behind) / 2,
          noise: 3e-7 * here.size / width)
        guard comparison.isEvident, comparison.isLike([ahead, behind]) else { continue }
        // Jumps to both sides may be alike by chance, but hardly in each of four parts.
        let beyond = try [step, -step].map { end in
          let half = try slopeAlong(place, end / 2).sum
          return (try slopeAlong(place, end).sum - half) / Double(end / 2)
        }
        guard comparison.isLike(beyond) else { continue }
        if comparison.agrees { right += 1 } else { wrong.append(comparison) }
        break
      }
    }
    guard wrong.count > right, let worst = wrong.max(by: { $0.error < $1.error }) else { return }
    throw CheckFailure(
      "the derivative of the gradient of \(leaf.name) with respect to a number of \(moved.name) is "
        + "\(Float(worst.exact)), finite differences say \(Float(worst.difference))"
        + (training ? ", in training" : "") + worst.hint)
  }

  /// Numbers to move: those of the largest derivatives, and some others.
  private static func places(
    _ exact: [Float]?, _ count: Int, _ random: inout RandomStream
  ) -> [Int] {
    let drawn = (0..<1).map { _ in Int(random.next() % UInt64(count)) }
    guard let exact else { return drawn }
    return exact.indices.sorted { abs(exact[$0]) > abs(exact[$1]) }.prefix(2) + drawn
  }
}
