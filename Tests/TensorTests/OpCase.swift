import Tensor
import Testing

/// One case of Tests/Fixtures/ops.py: its name there, and the op.
struct OpCase: CustomTestStringConvertible, Sendable {
  typealias Op = @Sendable (_ inputs: [Tensor], _ constants: [Tensor]) -> Tensor

  let name: String
  /// Which inputs and constants have samples along their first axis, as the result has.
  var batched: Batch = .none
  let op: Op

  enum Batch: Sendable {
    case none
    /// The first input only; the others are like weights.
    case first
    /// All inputs and constants.
    case all
  }

  var testDescription: String { name }

  init(_ name: String, _ batched: Batch = .none, op: @escaping Op) {
    self.name = name
    self.batched = batched
    self.op = op
  }

  /// An op of one tensor, sample by sample.
  static func one(_ name: String, _ op: @escaping @Sendable (Tensor) -> Tensor) -> OpCase {
    OpCase(name, .all) { inputs, _ in op(inputs[0]) }
  }

  /// An op of one tensor that mixes samples.
  static func mixing(_ name: String, _ op: @escaping @Sendable (Tensor) -> Tensor) -> OpCase {
    OpCase(name) { inputs, _ in op(inputs[0]) }
  }

  /// An op of two tensors of which the second has no samples.
  static func two(
    _ name: String, _ op: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> OpCase {
    OpCase(name, .first) { inputs, _ in op(inputs[0], inputs[1]) }
  }

  static let all =
    elementwise + reductions + movements + products + resizing + sampling + losses
}

extension OpCase {
  static let elementwise: [OpCase] =
    [
      one("exp") { $0.exp() }, one("sin") { $0.sin() }, one("cos") { $0.cos() },
      one("tanh") { $0.tanh() }, one("sigmoid") { $0.sigmoid() },
      one("square") { $0.square() }, one("neg") { -$0 }, one("log") { $0.log() },
      one("sqrt") { $0.sqrt() }, one("rsqrt") { $0.rsqrt() },
      one("reciprocal") { $0.reciprocal() }, one("abs") { $0.abs() }, one("relu") { $0.relu() },
      one("leakyRelu") { $0.leakyRelu(0.2) }, one("clamp") { $0.clamp(min: -1, max: 1.5) },
      one("softplus") { $0.softplus() }, one("power") { $0.pow(1.7) }, one("cube") { $0.pow(3) },
      one("glu") { $0.glu() }, one("glu inside") { $0.glu(axis: 1) },
      OpCase("where", .first) { `where`($1[0], $0[0], $0[1]) },
    ]
    + ["", " scalar"].flatMap { (kind: String) -> [OpCase] in
      [
        two("add" + kind) { $0 + $1 }, two("subtract" + kind) { $0 - $1 },
        two("multiply" + kind) { $0 * $1 }, two("divide" + kind) { $0 / $1 },
        two("maximum" + kind) { maximum($0, $1) }, two("minimum" + kind) { minimum($0, $1) },
      ]
    }

  static let reductions: [OpCase] =
    [("all", [0, 1, 2]), ("last", [2]), ("middle", [1]), ("outer", [0, 2])]
    .flatMap { (name: String, axes: [Int]) -> [OpCase] in
      let make = axes.contains(0) ? mixing : one
      return [
        make("sum \(name)") { $0.sum(axes: axes) }, make("mean \(name)") { $0.mean(axes: axes) },
        make("variance \(name)") { $0.variance(axes: axes) },
        make("max \(name)") { $0.max(axes: axes) }, make("min \(name)") { $0.min(axes: axes) },
        make("norm \(name)") { $0.norm(axes: axes) },
      ]
    }
    + [("last", 1), ("first", 0), ("middle", 1), ("one", 1)]
    .flatMap { (name: String, axis: Int) -> [OpCase] in
      let make = axis == 0 ? mixing : one
      return [
        make("softmax \(name)") { $0.softmax(axis: axis) },
        make("logSoftmax \(name)") { $0.logSoftmax(axis: axis) },
        make("logSumExp \(name)") { $0.logSumExp(axis: axis) },
        make("cumulativeSum \(name)") { $0.cumulativeSum(axis: axis) },
      ]
    }
    + [OpCase("masked softmax", .all) { $0[0].softmax(mask: $1[0].expandedDims(1)) }]

  static let movements: [OpCase] = [
    mixing("reshaped") { $0.reshaped([6, 10]) }, mixing("permuted") { $0.permuted([2, 0, 1]) },
    one("sliced") { $0.sliced(axis: 1, from: 1, to: 3) },
    one("overlapping slices") {
      let last = $0.sliced(axis: 1, from: 1, to: 4)
      return $0.sliced(axis: 1, from: 0, to: 3) * last + last.exp()
    },
    mixing("slices across") {
      let corner = $0.sliced(axis: 0, from: 1, to: 3).sliced(axis: 2, from: 2, to: 5).sum()
      let other = $0.sliced(axis: 0, from: 0, to: 2).sliced(axis: 2, from: 0, to: 3)
      return corner * other + $0.sliced(axis: 1, from: 0, to: 1).mean()
    },
    one("flipped") { $0.flipped(axis: 1) }, mixing("broadcast") { $0.broadcast(to: [4, 3, 5]) },
    one("repeated") { $0.repeated(2, axis: 1) },
    OpCase("concatenated", .all) { x, _ in Tensor.concatenated(x, axis: 1) },
    OpCase("stacked", .all) { x, _ in Tensor.stacked(x, axis: 1) },
    one("zero padding") { $0.padded([(0, 0), (2, 3), (1, 0)]) },
    mixing("reflect padding") { $0.padded([(0, 0), (0, 0), (0, 3), (1, 2)], mode: .reflect) },
    one("replicate padding") { $0.padded([(0, 0), (0, 0), (0, 3), (1, 2)], mode: .replicate) },
    OpCase("gathered") { $0[0].gathered(rows: $1[0]) },
    OpCase("scatterAdded") { $0[0].scatterAdded(to: $1[0], rows: 5) },
  ]

  static let products: [OpCase] = [
    two("matmul") { matmul($0, $1) }, two("matmul one") { matmul($0, $1) },
    OpCase("matmul batch", .all) { x, _ in matmul(x[0], x[1]) },
    OpCase("matmul turned", .all) { x, _ in
      matmul(x[0], x[1], transposeA: true, transposeB: true)
    },
    two("matmul rows") { matmul($0, $1) }, two("matmul stretched") { matmul($0, $1) },
    OpCase("matmul left") { x, _ in matmul(x[0], x[1]) },
    OpCase("attention", .all) {
      attention($0[0], keys: $0[1], values: $0[2], mask: $1[0], scale: 0.5).result
    },
  ]

  static let resizing: [OpCase] =
    [("up", Size2(7, 5)), ("down", Size2(2, 3)), ("to one", Size2(1, 1))]
    .flatMap { (name: String, size: Size2) -> [OpCase] in
      [
        one("bicubic \(name) corners") { resizeBicubic($0, to: size, alignCorners: true) },
        one("bicubic \(name) edges") { resizeBicubic($0, to: size) },
        one("area \(name)") { resizeArea($0, to: size) },
      ]
    }
    + [one("bicubic from one") { resizeBicubic($0, to: Size2(2, 3)) }]

  static let sampling: [OpCase] = [true, false].flatMap { (corners: Bool) -> [OpCase] in
    let tag = corners ? "corners" : "edges"
    let sampled = SamplingMode.allCases.flatMap { (mode: SamplingMode) -> [OpCase] in
      SamplingBorder.allCases.map { border in
        OpCase("\(mode) \(border == .zeros ? "zeros" : "border") \(tag)", .all) { x, _ in
          gridSample(x[0], x[1], mode: mode, border: border, alignCorners: corners)
        }
      }
    }
    return sampled + [
      one("affineGrid \(tag)") { affineGrid($0, size: Size2(3, 4), alignCorners: corners) },
      one("affineGrid one \(tag)") { affineGrid($0, size: 1, alignCorners: corners) },
    ]
  }

  static let losses: [OpCase] = [
    OpCase("crossEntropy") { crossEntropy($0[0], $1[0]) },
    OpCase("crossEntropy sum") { crossEntropy($0[0], $1[0], reduction: .sum) },
    OpCase("crossEntropy none", .all) { crossEntropy($0[0], $1[0], reduction: .none) },
    OpCase("crossEntropy ignored") { crossEntropy($0[0], $1[0], ignored: 255) },
    OpCase("crossEntropy ignored inside") { crossEntropy($0[0], $1[0], ignored: 2) },
    OpCase("crossEntropy weighted") {
      crossEntropy($0[0], $1[0], weights: $1[1], ignored: 255)
    },
    OpCase("logits") { x, _ in binaryCrossEntropy(logits: x[0], x[1]) },
    OpCase("logits sum") { x, _ in binaryCrossEntropy(logits: x[0], x[1], reduction: .sum) },
    OpCase("probabilities", .all) {
      binaryCrossEntropy(probabilities: $0[0], $1[0], reduction: .none)
    },
  ]
}
