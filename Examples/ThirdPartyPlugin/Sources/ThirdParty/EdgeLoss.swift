import PluginAPI

/// Distance between the edges of the generated image and those of the target.
///
///     L = mean |∂generated − ∂target|, over differences of neighbours to the right and below
///
/// A loss consumes what it compares, by role; the host finds both images. Derivatives of every order
/// come with the ops.
struct EdgeLoss: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Pixels between the neighbours that are compared.", in: 1...8)
    var distance = 1
  }

  private let distance: Int

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated), .image("target", role: .target)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    distance = hyperparameters.distance
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let difference = inputs["generated"] - inputs["target"]  // [N, H, W, C]
    return (slope(difference, axis: 1) + slope(difference, axis: 2)) / 2
  }

  private func slope(_ x: Tensor, axis: Int) -> Tensor {
    let size = x.shape[axis]
    precondition(
      size > distance, "[EdgeLoss] images of \(x.shape) have no neighbours that far away")
    let ahead = x.sliced(axis: axis, from: distance, to: size)
    return (ahead - x.sliced(axis: axis, from: 0, to: size - distance)).abs().mean()
  }
}
