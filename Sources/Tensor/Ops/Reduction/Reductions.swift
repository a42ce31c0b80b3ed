internal import Kernels

extension Value {
  /// Reduces the given axes to size 1; pending.
  ///
  /// Axes that do not lie side by side are reduced run by run, the innermost first.
  func reduced(_ kind: ReductionKind, axes: Set<Int>, scale: Double = 1) -> Value {
    var value = self
    var runs = Shape.runs(shape, axes)
    guard let last = runs.popLast() else {
      let kept = axes.reduce(into: shape) { $0[$1] = 1 }
      let same = reshaped(kept)
      return scale == 1
        ? same : Value(kept, .map(.init(op: .scale, a: same, x: Float(scale))))
    }
    if let constant, kind != .moments {
      let kept = axes.reduce(into: shape) { $0[$1] = 1 }
      let total = axes.reduce(1) { $0 * shape[$1] }
      let factor = kind == .sum ? Double(total) * scale : 1
      return Value(kept, .constant(Float(Double(constant) * factor)))
    }
    if kind == .sum, let factored = factoredSum(axes, scale: scale) { return factored }
    value = value.reducedRun(kind, last, scale: runs.isEmpty ? scale : 1)
    while let run = runs.popLast() {
      value = value.reducedRun(kind, run, scale: runs.isEmpty ? scale : 1)
    }
    return value.reshaped(axes.reduce(into: shape) { $0[$1] = 1 })
  }

  private func reducedRun(_ kind: ReductionKind, _ run: Range<Int>, scale: Double) -> Value {
    let (reduction, kept) = reduction(kind, run, scale: scale)
    return Value(kept, .reduction(reduction, index: 0))
  }

  /// Mean and mean squared distance from it over a run of axes; pending, computed in one pass.
  func moments(_ run: Range<Int>) -> (mean: Value, variance: Value) {
    let size = run.reduce(1) { $0 * shape[$1] }
    let (reduction, kept) = reduction(.moments, run, scale: 1 / Double(size))
    return (
      Value(kept, .reduction(reduction, index: 0)), Value(kept, .reduction(reduction, index: 1))
    )
  }

  private func reduction(
    _ kind: ReductionKind, _ run: Range<Int>, scale: Double
  ) -> (Reduction, kept: [Int]) {
    let space = Reduction.Space(
      a: Shape.count(Array(shape[..<run.lowerBound])), r: Shape.count(Array(shape[run])),
      b: Shape.count(Array(shape[run.upperBound...])))
    var kept = shape
    for axis in run { kept[axis] = 1 }
    return (Reduction(self, space: space, kind: kind, scale: scale), kept)
  }
}

extension Shape {
  /// Runs of neighbouring axes that cover `axes`; axes of size 1 join or separate nothing.
  static func runs(_ shape: [Int], _ axes: Set<Int>) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var isOpen = false
    for axis in shape.indices where shape[axis] != 1 {
      if axes.contains(axis) {
        if isOpen, let last = runs.popLast() {
          runs.append(last.lowerBound..<axis + 1)
        } else {
          runs.append(axis..<axis + 1)
        }
        isOpen = true
      } else {
        isOpen = false
      }
    }
    return runs
  }

  /// The axes of a reduction, all of them if `nil`.
  static func axes(_ axes: [Int]?, rank: Int, op: StaticString) -> Set<Int> {
    guard let axes else { return Set(0..<rank) }
    let set = Set(axes.map { axis($0, rank: rank, op: op) })
    precondition(set.count == axes.count, "[\(op)] axes \(axes) name one twice")
    return set
  }

  /// A shape after a reduction that drops the axes.
  static func dropping(_ axes: Set<Int>, from shape: [Int]) -> [Int] {
    shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
  }
}

extension Tensor {
  /// The sum over some axes, all of them if `axes` is `nil`.
  public func sum(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
    let axes = Shape.axes(axes, rank: rank, op: "sum")
    return summed(axes, scale: 1, keepingDims)
  }

  /// The mean over some axes, all of them if `axes` is `nil`.
  public func mean(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
    let axes = Shape.axes(axes, rank: rank, op: "mean")
    let size = axes.reduce(1) { $0 * shape[$1] }
    return summed(axes, scale: 1 / Double(size), keepingDims)
  }

  private func summed(_ axes: Set<Int>, scale: Double, _ keepingDims: Bool) -> Tensor {
    let kept = value.reduced(.sum, axes: axes, scale: scale)
    let shape = shape
    let result = Tensor(
      kept,
      derivatives: [
        Derivative(of: self) { g in
          (scale == 1 ? g : g * Float(scale)).broadcast(to: shape)
        }
      ])
    return keepingDims ? result : result.reshaped(Shape.dropping(axes, from: shape))
  }

  /// The greatest element over some axes; equal ones share the derivative.
  public func max(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
    extreme(.maximum, axes, keepingDims, "max")
  }

  /// The smallest element over some axes; equal ones share the derivative.
  public func min(axes: [Int]? = nil, keepingDims: Bool = false) -> Tensor {
    extreme(.minimum, axes, keepingDims, "min")
  }

  private func extreme(
    _ kind: ReductionKind, _ axes: [Int]?, _ keepingDims: Bool, _ name: StaticString
  ) -> Tensor {
    let axes = Shape.axes(axes, rank: rank, op: name)
    let kept = Tensor(value.reduced(kind, axes: axes))
    let input = detached()
    let result = Tensor(
      kept.value,
      derivatives: [
        Derivative(of: self) { g in
          let mask = input .== kept
          return mask * (g / mask.sum(axes: Array(axes), keepingDims: true))
        }
      ])
    return keepingDims ? result : result.reshaped(Shape.dropping(axes, from: shape))
  }
}
