import PluginAPI

/// How much neighbouring pixels of the generated image differ.
///
///     L = Σ ((x[i+1, j] − x[i, j])² + (x[i, j+1] − x[i, j])²)^exponent
///
/// Summed over batch, channels and the pixels that have both neighbours, the image in -1...1. The
/// weight has to be small, and smaller for larger images and batches.
///
/// - Source: arXiv:1412.0035, whose β is twice the exponent.
struct TotalVariation: Loss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Power of each pixel's squared slope.", in: 1...4)
    var exponent: Float = 1.25
  }

  private let exponent: Float

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("generated", role: .generated)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    exponent = hyperparameters.exponent
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor {
    let image = inputs["generated"]  // [N, H, W, C]
    let (height, width) = (image.shape[1], image.shape[2])
    func part(_ row: Int, _ column: Int) -> Tensor {
      image.sliced(axis: 1, from: row, to: row + height - 1)
        .sliced(axis: 2, from: column, to: column + width - 1)
    }
    let (down, across) = (part(1, 0) - part(0, 0), part(0, 1) - part(0, 0))
    return (down.square() + across.square()).pow(exponent).sum()
  }
}
