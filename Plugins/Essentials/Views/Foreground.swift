import PluginAPI

/// The image with its background painted over.
///
///     seen = image · mask + background · (1 − mask)
///
/// Images only; conditions are seen whole. A mask of another size is resized to the image's, by
/// nearest neighbour. Real images use their own mask, generated ones that of their condition.
struct Foreground: View {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("What the background becomes; 0 is mid grey.", in: -1...1)
    var background: Float = 0
  }

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.mask("mask")]
  }

  private let background: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    background = hyperparameters.background
  }

  func callAsFunction(_ map: Tensor, of port: Port, _ inputs: Values) -> [Tensor] {
    guard port.kind == .image else { return [map] }
    let size = Size2(map.shape[1], map.shape[2])
    var mask = inputs["mask"]  // [N, h, w, 1]
    if mask.shape[1] != size.height || mask.shape[2] != size.width {
      mask = resizeNearest(mask, to: size)
    }
    let shown = map * mask
    return [background == 0 ? shown : shown + background * (1 - mask)]
  }
}
