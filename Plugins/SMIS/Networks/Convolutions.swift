import PluginAPI

/// The distribution of every first weight; biases begin at zero.
let firstWeight = Initializer.xavierNormal(gain: 0.02)

/// The slope of every leaky ReLU.
let slope: Float = 0.2

/// Latent channels of each class.
package let codeChannels = 8

/// A convolution with the published first weights, which keeps the size unless it has a stride.
func convolution(
  _ inChannels: Int, _ outChannels: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil,
  groups: Int = 1, bias: Bool = true
) -> Conv2d {
  Conv2d(
    inChannels, outChannels, kernel: Size2(kernel), stride: Size2(stride),
    padding: Size2(padding ?? kernel / 2), groups: groups, bias: bias, initial: firstWeight,
    initialBias: .zeros)
}

/// A layer whose weight, over all groups at once, is divided by its largest singular value if
/// `isSpectral`.
func normalized(_ layer: some WeightedLayer, _ isSpectral: Bool) -> any Layer {
  isSpectral ? SpectralNorm(layer) : layer
}

extension Int {
  /// The smallest multiple of `step` that is not below this number.
  func raised(to step: Int) -> Int { (self + step - 1) / step * step }
}

/// The least common multiple.
func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
  var (x, y) = (a, b)
  while y > 0 { (x, y) = (y, x % y) }
  return a / x * b
}

/// The convolutions that make one image of several networks' features, without what is between them.
///
/// Two layers of `width` channels and a last one, or the last one alone.
package func fusingConvolutions(
  _ inChannels: Int, _ width: Int?, _ outChannels: Int, spectral: Spectral
) -> [any Layer] {
  let channels = [inChannels] + (width.map { [$0, $0] } ?? []) + [outChannels]
  return zip(channels, channels.dropFirst())
    .map { normalized(convolution($0, $1), spectral == .all) }
}
