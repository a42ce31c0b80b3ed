import PluginAPI

/// The middle of an image: what lies at the border, the discriminator does not see.
///
/// Every map over the image is cut alike, so that labels stay beside their pixels.
struct CenterView: View {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Share of each side that is seen.", in: 0.1...1)
    var share: Float = 0.75
  }

  private let share: Float

  static func seen(_ port: Port, _ hyperparameters: Hyperparameters) -> Port {
    var port = port
    for side in ["height", "width"] {
      port.attributes[side] = port[side].map { part(of: $0, hyperparameters.share) }
    }
    return port
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    share = hyperparameters.share
  }

  func callAsFunction(_ map: Tensor, of port: Port, _ inputs: Values) -> [Tensor] {
    let middle = [1, 2].reduce(map) { map, axis in
      let size = Self.part(of: map.shape[axis], share)
      let start = (map.shape[axis] - size) / 2
      return map.sliced(axis: axis, from: start, to: start + size)
    }
    return [middle]
  }

  private static func part(of side: Int, _ share: Float) -> Int {
    max(1, Int((Float(side) * share).rounded()))
  }
}
