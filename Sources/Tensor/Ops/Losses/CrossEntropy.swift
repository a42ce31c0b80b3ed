/// Compares class scores with the classes that are right.
///
///     loss = -weight[class] · log softmax(scores)[class]
///
/// The mean is over the elements that are not ignored, weighted: Σ loss / Σ weight[class]. It is 0 where all are
/// ignored (PyTorch's is not a number then).
///
/// - Parameters:
///   - scores: `[..., K]`, logits.
///   - classes: `[...]`, whole numbers in 0..<K, or `ignored`.
///   - weights: `[K]`, at least 0; ones if absent.
///   - ignored: the class that takes no part.
///   - reduction: mean, sum or each element's loss in the shape of `classes`.
/// - Returns: a scalar, or the shape of `classes`.
public func crossEntropy(
  _ scores: Tensor, _ classes: Tensor, weights: Tensor? = nil, ignored: Int? = nil,
  reduction: LossReduction = .mean
) -> Tensor {
  precondition(
    scores.rank >= 1 && Array(scores.shape.dropLast()) == classes.shape,
    "[crossEntropy] classes \(classes.shape) for scores \(scores.shape), expected one per row")
  let count = scores.shape[scores.rank - 1]
  precondition(
    weights.map { $0.shape == [count] } ?? true,
    "[crossEntropy] weights \(weights?.shape ?? []), expected [\(count)]")
  checkClasses(classes, count: count, ignored: ignored)

  // An ignored class may lie within 0..<K: its planes are emptied. Outside, oneHot leaves them empty.
  var planes = classes.oneHot(classes: count)
  if let ignored, (0..<count).contains(ignored) {
    planes = planes * (1 - (Tensor.range(count) .== Float(ignored)))
  }
  if let weights { planes = planes * weights.detached() }
  let losses = -(scores.logSoftmax() * planes).sum(axes: [-1])
  guard reduction == .mean else { return losses.reduced(reduction) }
  let total = withoutGradient { planes.sum() }
  return losses.sum() / maximum(total, Tensor.constant(Float.leastNormalMagnitude))
}

private func checkClasses(_ classes: Tensor, count: Int, ignored: Int?) {
  let other = ignored.map { Float($0) }
  classes.withScalars { numbers in
    for (position, index) in numbers.enumerated() where index != other {
      precondition(
        index >= 0 && index < Float(count) && index == index.rounded(.down),
        "[crossEntropy] class \(index) at position \(position), expected a whole number in 0..<\(count)"
      )
    }
  }
}

/// Compares logits of yes-or-no questions with the answers.
///
///     loss = -(t · log σ(logit) + (1 - t) · log(1 - σ(logit)))
///
/// Exact for logits of any size.
///
/// - Parameters:
///   - logits: any shape.
///   - targets: in 0...1, stretches to the shape of `logits`.
///   - reduction: mean, sum or each element's loss.
/// - Returns: a scalar, or the shape of `logits`.
public func binaryCrossEntropy(
  logits: Tensor, _ targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  precondition(
    Shape.broadcast(logits.shape, targets.shape, op: "binaryCrossEntropy") == logits.shape,
    "[binaryCrossEntropy] targets \(targets.shape) do not stretch to \(logits.shape)")
  // Two terms, each without cancellation.
  let losses = targets * (-logits).softplus() + (1 - targets) * logits.softplus()
  return losses.reduced(reduction)
}

/// Compares probabilities with the answers to yes-or-no questions.
///
///     loss = -(t · max(log p, -100) + (1 - t) · max(log(1 - p), -100))
///     dp = (p - t) / max(p · (1 - p), 1e-12)
///
/// - Parameters:
///   - probabilities: in 0...1, any shape.
///   - targets: in 0...1, stretches to the shape of `probabilities`; no derivative passes to them.
///   - reduction: mean, sum or each element's loss.
/// - Returns: a scalar, or the shape of `probabilities`.
public func binaryCrossEntropy(
  probabilities: Tensor, _ targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  let shape = probabilities.shape
  precondition(
    Shape.broadcast(shape, targets.shape, op: "binaryCrossEntropy") == shape,
    "[binaryCrossEntropy] targets \(targets.shape) do not stretch to \(shape)")
  let targets = targets.detached()
  let value = withoutGradient {
    let yes = probabilities.log().clamp(min: -100)
    let no = (1 - probabilities).log().clamp(min: -100)
    return -(targets * yes + (1 - targets) * no)
  }
  let losses = Tensor(
    value.value,
    derivatives: [
      Derivative(of: probabilities) { g in
        let spread = probabilities * (1 - probabilities)
        return g * (probabilities - targets) / spread.clamp(min: 1e-12)
      }
    ])
  return losses.reduced(reduction)
}
