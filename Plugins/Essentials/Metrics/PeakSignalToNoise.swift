import Glibc
import PluginAPI

/// Peak signal to noise ratio of generated against target images, in decibels.
///
///     psnr = mean over images of 10·log10(255² / mean (a − b)²)
///
/// a and b are the images clamped to -1...1 and put on the scale 0...255, not rounded. The mean
/// square of one image goes over pixels and channels and counts as 1e-10 at least, so that equal
/// images have 148 dB.
struct PeakSignalToNoise: Metric {
  static func consumes(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) -> [Port] {
    imagePair
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}

  func measurement() -> any Measurement { Running() }

  private final class Running: Measurement {
    private var sum = 0.0
    private var count = 0

    func add(_ inputs: Values) {
      let generated = inputs["generated"].clamp(min: -1, max: 1)
      let target = inputs["target"].clamp(min: -1, max: 1)
      let error = ((generated - target) * 127.5).square().mean(axes: [1, 2, 3])  // [N]
      for value in error.scalars() { sum += decibels(meanSquare: Double(value)) }
      count += error.count
    }

    var figures: [Figure] {
      count == 0 ? [] : [Figure("psnr", sum / Double(count), isBetterHigher: true)]
    }

    private func decibels(meanSquare: Double) -> Double {
      10 * log10(255 * 255 / max(meanSquare, 1e-10))
    }
  }
}
