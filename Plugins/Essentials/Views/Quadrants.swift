import PluginAPI

/// The four quarters of an image: top left, top right, bottom left, bottom right.
///
/// Every map over the image is cut alike. Where a side is odd, the quarters share the middle line.
struct Quadrants: View {
  static func seen(_ port: Port, _ hyperparameters: NoHyperparameters) -> Port {
    var port = port
    port.attributes["height"] = port["height"].map(half)
    port.attributes["width"] = port["width"].map(half)
    return port
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ map: Tensor, of port: Port, _ inputs: Values) -> [Tensor] {
    let (height, width) = (map.shape[1], map.shape[2])
    let (h, w) = (Self.half(height), Self.half(width))
    return [0, height - h].flatMap { top in
      [0, width - w].map { left in
        map.sliced(axis: 1, from: top, to: top + h).sliced(axis: 2, from: left, to: left + w)
      }
    }
  }

  private static func half(_ side: Int) -> Int { (side + 1) / 2 }
}
