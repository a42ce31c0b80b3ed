import Tensor

/// A convolution as it occurs in a network: the input image, the filters and the settings.
struct Layer {
  let name: String
  let image: [Int]
  let weight: [Int]
  var stride: Size2 = 2
  var padding: Size2 = 1
  var isTransposed = false

  func callAsFunction(_ x: Tensor, _ weight: Tensor) -> Tensor {
    isTransposed
      ? convTransposed2d(x, weight, stride: stride, padding: padding)
      : conv2d(x, weight, stride: stride, padding: padding)
  }

  /// Floating-point operations of one direction.
  func operations(output: [Int]) -> Double {
    let pixels = isTransposed ? image : output
    return 2 * Double(pixels[0] * pixels[1] * pixels[2]) * Double(weight.reduce(1, *))
  }

  /// A U-Net of width 64 at 256x256, batch 4: halves down to one pixel, and up again beside its own past.
  static let translator: [Layer] = {
    let widths = [3, 64, 128, 256, 512, 512, 512, 512, 512]
    let down = (0..<8).map { i in
      Layer(
        name: "down\(i + 1)", image: [4, 256 >> i, 256 >> i, widths[i]],
        weight: [widths[i + 1], widths[i], 4, 4])
    }
    let up = (0..<8).map { i in
      let side = 1 << i
      let ins = i == 0 ? 512 : 2 * widths[8 - i]
      return Layer(
        name: "up\(i + 1)", image: [4, side, side, ins], weight: [ins, widths[7 - i], 4, 4],
        isTransposed: true)
    }
    return down + up
  }()

  /// A discriminator of 70x70 patches on pairs of images at 256x256, batch 4.
  static let patches = [
    Layer(name: "patch1", image: [4, 256, 256, 6], weight: [64, 6, 4, 4]),
    Layer(name: "patch2", image: [4, 128, 128, 64], weight: [128, 64, 4, 4]),
    Layer(name: "patch3", image: [4, 64, 64, 128], weight: [256, 128, 4, 4]),
    Layer(name: "patch4", image: [4, 32, 32, 256], weight: [512, 256, 4, 4], stride: 1),
    Layer(name: "patch5", image: [4, 31, 31, 512], weight: [1, 512, 4, 4], stride: 1),
  ]

  /// Both networks of a convolutional GAN at 64x64, batch 16.
  static let small = [
    Layer(
      name: "g1", image: [16, 1, 1, 128], weight: [128, 512, 4, 4], stride: 1, padding: 0,
      isTransposed: true),
    Layer(name: "g2", image: [16, 4, 4, 512], weight: [512, 256, 4, 4], isTransposed: true),
    Layer(name: "g3", image: [16, 8, 8, 256], weight: [256, 128, 4, 4], isTransposed: true),
    Layer(name: "g4", image: [16, 16, 16, 128], weight: [128, 64, 4, 4], isTransposed: true),
    Layer(name: "g5", image: [16, 32, 32, 64], weight: [64, 3, 4, 4], isTransposed: true),
    Layer(name: "d1", image: [16, 64, 64, 3], weight: [64, 3, 4, 4]),
    Layer(name: "d2", image: [16, 32, 32, 64], weight: [128, 64, 4, 4]),
    Layer(name: "d3", image: [16, 16, 16, 128], weight: [256, 128, 4, 4]),
    Layer(name: "d4", image: [16, 8, 8, 256], weight: [512, 256, 4, 4]),
    Layer(name: "d5", image: [16, 4, 4, 512], weight: [1, 512, 4, 4], stride: 1, padding: 0),
  ]

  /// Layers of networks that upsample and convolve 3x3, batch 8.
  static let residual = [
    Layer(name: "3x3 512@16", image: [8, 16, 16, 512], weight: [512, 512, 3, 3], stride: 1),
    Layer(name: "3x3 256@32", image: [8, 32, 32, 256], weight: [256, 256, 3, 3], stride: 1),
    Layer(name: "3x3 128@64", image: [8, 64, 64, 128], weight: [128, 128, 3, 3], stride: 1),
    Layer(name: "3x3 64@128", image: [8, 128, 128, 64], weight: [64, 64, 3, 3], stride: 1),
    Layer(name: "labels 13@128", image: [8, 128, 128, 13], weight: [128, 13, 3, 3], stride: 1),
    Layer(name: "to 3@128", image: [8, 128, 128, 64], weight: [3, 64, 3, 3], stride: 1),
    Layer(
      name: "7x7 to 3@128", image: [4, 128, 128, 64], weight: [3, 64, 7, 7], stride: 1, padding: 3),
    Layer(
      name: "1x1 256@32", image: [8, 32, 32, 256], weight: [256, 256, 1, 1], stride: 1, padding: 0),
  ]
}
