import PluginAPI

/// An image at another side.
///
/// Each new pixel is a weighted mean of the old ones around it, with weights falling linearly to
/// zero over one old pixel when enlarging and over one new pixel when reducing (antialiased
/// bilinear, corners not aligned), rows and columns one after the other. Twofold reduction weighs
/// four neighbours 1 : 3 : 3 : 1. Differentiable.
struct ResizeImage: Adapter {
  static func adapted(_ provider: Port, for consumer: Port) -> Port? {
    guard provider.kind == .image, consumer.kind == .image, provider.serves(consumer),
      provider.agrees(with: consumer), let size = provider.size(wantedBy: consumer),
      size != provider.size
    else { return nil }
    return provider.resized(to: size, for: consumer)
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values {
    let image = inputs[provider.name]
    guard let size = result.size else { return [result.name: image] }
    return [result.name: resizedAntialiased(image, to: size)]
  }
}

/// Resizes `[N, H, W, C]` by antialiased bilinear sampling.
func resizedAntialiased(_ image: Tensor, to size: Size2) -> Tensor {
  let (n, h, w, c) = (image.shape[0], image.shape[1], image.shape[2], image.shape[3])
  var result = image
  if size.height != h {
    let rows = result.permuted([1, 0, 2, 3]).reshaped([h, n * w * c])
    result = matmul(triangleWeights(from: h, to: size.height), rows)
      .reshaped([size.height, n, w, c]).permuted([1, 0, 2, 3])  // [N, H', W, C]
  }
  if size.width != w {
    let columns = result.permuted([2, 0, 1, 3]).reshaped([w, n * size.height * c])
    result = matmul(triangleWeights(from: w, to: size.width), columns)
      .reshaped([size.width, n, size.height, c]).permuted([1, 2, 0, 3])  // [N, H', W', C]
  }
  return result
}

/// The weights of `from` old pixels in each of `to` new ones: `[to, from]`, rows of sum 1.
private func triangleWeights(from old: Int, to new: Int) -> Tensor {
  let scale = Double(old) / Double(new)
  let radius = max(scale, 1)
  var weights = [Float](repeating: 0, count: new * old)
  for row in 0..<new {
    let center = (Double(row) + 0.5) * scale
    let first = max(0, Int((center - radius).rounded(.down)))
    let last = min(old, Int((center + radius).rounded(.up)))
    let triangle = (first..<last).map { max(0, 1 - abs(Double($0) + 0.5 - center) / radius) }
    let sum = triangle.reduce(0, +)
    for (offset, weight) in triangle.enumerated() {
      weights[row * old + first + offset] = Float(weight / sum)
    }
  }
  return Tensor(weights, [new, old])
}
