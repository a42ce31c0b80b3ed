import Glibc
import PluginAPI

/// Structural similarity of generated and target images (Wang et al., 2004).
///
///     ssim = mean of (2·μa·μb + c1)·(2·σab + c2) / ((μa² + μb² + c1)·(σa² + σb² + c2))
///
/// Means, variances and covariance are of a Gaussian window (σ 1.5, 11 taps; of the population, not
/// of a sample), for each colour by itself; the mean goes over the places where the whole window
/// lies inside of the image, and over colours. a and b are the images clamped to -1...1, black being
/// 0. c1 = (0.01·L)² and c2 = (0.03·L)², where L is the range of the generated image's own numbers,
/// at least one of 255 grey levels. The figure is the mean over images.
struct StructuralSimilarity: Metric {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    imagePair
  }

  /// - Throws: `ConfigurationError` for images smaller than the window.
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    try SimilarityWindow.check(context)
  }

  func measurement() -> any Measurement { SimilarityMeasurement("ssim") }
}

/// Structural similarity of generated and target images whose background is painted black.
///
/// What ``StructuralSimilarity`` says of images that were multiplied with a mask first; where the
/// mask is 0 both are alike, so that the size of the foreground counts.
struct MaskedStructuralSimilarity: Metric {
  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    imagePair + [.mask("mask")]
  }

  /// - Throws: `ConfigurationError` for images smaller than the window.
  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    try SimilarityWindow.check(context)
  }

  func measurement() -> any Measurement { SimilarityMeasurement("masked-ssim") }
}

/// The mean over images, masked where there is a mask.
private final class SimilarityMeasurement: Measurement {
  private let name: String
  private var sum = 0.0
  private var count = 0

  init(_ name: String) { self.name = name }

  func add(_ inputs: Values) {
    let mask = inputs.port("mask")
    func brightness(_ image: Tensor) -> Tensor {
      let image = (image.clamp(min: -1, max: 1) + 1) / 2  // 0...1
      return mask.tensors.isEmpty ? image : image * mask["mask"]
    }
    let generated = brightness(inputs["generated"])
    let values = SimilarityWindow.similarity(generated, brightness(inputs["target"]))
    for value in values.scalars() { sum += Double(value) }
    count += values.count
  }

  var figures: [Figure] {
    count == 0 ? [] : [Figure(name, sum / Double(count), isBetterHigher: true)]
  }
}

/// The window that similarity is measured in.
private enum SimilarityWindow {
  private static let taps: [Float] = {
    let weights = (-5...5).map { exp(-Float($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()

  static func check(_ context: BuildContext) throws {
    let image = context.bound["generated"]
    for side in ["height", "width"].compactMap({ image?[$0] }) where side < taps.count {
      throw ConfigurationError(
        "an image of side \(side) is smaller than the window of \(taps.count) pixels that "
          + "similarity is measured in")
    }
  }

  /// The similarity of each pair of images `[N, H, W, C]` in 0...1, `[N]`; the range is of the first.
  static func similarity(_ a: Tensor, _ b: Tensor) -> Tensor {
    let range = (a.max(axes: [1, 2, 3]) - a.min(axes: [1, 2, 3])).clamp(min: 1 / 255)
    let (c1, c2) = ((range * 0.01).square(), (range * 0.03).square())
    let (meanA, meanB) = (blurred(a), blurred(b))
    // Numbers around 0 leave more digits to their squares.
    let (x, y) = (
      a - a.mean(axes: [1, 2], keepingDims: true), b - b.mean(axes: [1, 2], keepingDims: true)
    )
    let (meanX, meanY) = (blurred(x), blurred(y))
    let variances = blurred(x.square() + y.square()) - meanX.square() - meanY.square()
    let covariance = blurred(x * y) - meanX * meanY
    let (d1, d2) = (c1.reshaped([-1, 1, 1, 1]), c2.reshaped([-1, 1, 1, 1]))
    let alike = (2 * meanA * meanB + d1) * (2 * covariance + d2)
    let all = (meanA.square() + meanB.square() + d1) * (variances + d2)
    return (alike / all).mean(axes: [1, 2, 3])
  }

  /// Weighted means over the window, `[N, H − 10, W − 10, C]`.
  private static func blurred(_ x: Tensor) -> Tensor {
    [1, 2].reduce(x) { x, axis in
      let size = x.shape[axis] - taps.count + 1
      let parts = taps.enumerated().map { place, weight in
        x.sliced(axis: axis, from: place, to: place + size) * weight
      }
      return parts.dropFirst().reduce(parts[0], +)
    }
  }
}
