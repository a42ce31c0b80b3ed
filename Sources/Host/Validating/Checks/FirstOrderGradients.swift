import PluginAPI

/// Gradients of everything that is trained agree with finite differences.
enum FirstOrderGradients: Check {
  static let name = "gradients"
  static let sentence = "Gradients of inputs and weights agree with finite differences."

  static func applies(to kind: ComponentKind) -> Bool {
    ![.dataset, .latent, .optimizer, .schedule, .metric, .tool].contains(kind)
  }

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let piece = try subject.smallest()
    for training in [false, true] {
      let call = try ContractedCall(piece, training: training, settled: !training)
      let values = call.leaves.map(\.value)
      let (_, slopes) = try call.slopes(values)
      for (index, leaf) in call.leaves.enumerated() {
        if let slope = slopes[index], slope.shape != leaf.value.shape {
          throw CheckFailure(
            "the gradient of \(leaf.name) has the shape \(slope.shape), not \(leaf.value.shape)")
        }
        try compare(call, values, index, slopes[index], training: training)
      }
    }
    return .passed
  }

  private static let directions = 3
  /// From long to short.
  private static let steps: [Float] = [3e-2, 1e-2, 3e-3, 1e-3, 3e-4]

  /// One leaf moved along random directions, by steps of several lengths: a right derivative agrees
  /// with one of them, between those where rounding rules and those that reach over a kink.
  ///
  /// A derivative is wrong where differences have settled, at three lengths one after the other, on
  /// another number, along most directions. Where they never settle they say nothing: those of a deep
  /// network that normalises over 4 positions need lengths of 1e-7 in double precision.
  private static func compare(
    _ call: ContractedCall, _ values: [Tensor], _ index: Int, _ slope: Tensor?, training: Bool
  ) throws {
    let leaf = call.leaves[index]
    var random = call.piece.subject.random("direction \(leaf.name)")
    // As large as the numbers are; those that begin at zero move by what is usual elsewhere.
    let size = leaf.value.square().mean().item().squareRoot()
    let scale = size < 1e-4 ? 0.05 : size
    var wrong: [Comparison] = []
    for _ in 0..<directions {
      let direction = (Tensor.normal(leaf.value.shape, using: &random) * scale).evaluated()
      let exact = slope.map { dot($0, direction) } ?? 0
      var found: [Comparison] = []
      for step in steps {
        func moved(_ distance: Float) throws -> (sum: Double, size: Double) {
          var points = values
          points[index] = (leaf.value + direction * distance).evaluated()
          return try call.value(points)
        }
        let (ahead, behind) = (try moved(step), try moved(-step))
        let comparison = Comparison(
          exact: exact, difference: (ahead.sum - behind.sum) / (2 * Double(step)),
          noise: 3e-6 * ahead.size / Double(step))
        if comparison.agrees { return }
        found.append(comparison)
      }
      let settled = found.indices.dropLast(2).first { first in
        found[first].settles(on: found[first + 1]) && found[first + 1].settles(on: found[first + 2])
      }
      if let settled { wrong.append(found[settled + 1]) }
    }
    guard 2 * wrong.count > directions, let first = wrong.first else { return }
    throw CheckFailure(
      "along a direction of \(leaf.name) the gradient says \(Float(first.exact)), finite differences "
        + "\(Float(first.difference))" + (training ? ", in training" : "") + first.hint)
  }
}

/// A derivative beside the difference that should equal it.
struct Comparison {
  let exact: Double
  let difference: Double
  /// What rounding alone may do to the difference.
  let noise: Double

  var error: Double { abs(exact - difference) }
  /// Within two per cent, rounding aside.
  var agrees: Bool { error <= 0.02 * max(abs(exact), abs(difference)) + noise }
  /// Whether a difference over another length is the same, within two per cent, rounding aside.
  func settles(on other: Comparison) -> Bool {
    abs(difference - other.difference)
      <= 0.02 * max(abs(difference), abs(other.difference)) + noise + other.noise
  }
  /// Whether there is more to see than rounding.
  var isEvident: Bool { max(abs(exact), abs(difference)) > 5 * noise }
  /// Whether these slopes are the difference too, within a tenth, rounding aside.
  func isLike(_ slopes: [Double]) -> Bool {
    slopes.allSatisfy { abs($0 - difference) <= 0.05 * abs(difference) + 4 * noise }
  }
  /// What a gradient of zero usually means.
  var hint: String {
    exact == 0 ? "; a `detached()`, `item()` or `scalars()` on the way cuts the gradient" : ""
  }
}

/// Σ a · b, in double precision.
func dot(_ a: Tensor, _ b: Tensor) -> Double {
  zip(a.scalars(), b.scalars()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
