import PluginAPI

/// A small encoder-decoder that reads the class of each pixel, `[N, H, W, 3]` to `[N, H, W, K]`.
///
/// Three halvings of twice the channels each, and back by nearest enlargement with a skip at every
/// size; each convolution 3×3 with batch norm and ReLU. Sides must be multiples of 8. A workbench
/// of images brings its own judge with it: a stage trains this in a minute or two. What it sees at
/// each size on the way down are its features.
struct Segmenter: Perceptor {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Classes it tells apart.", in: 2...1024)
    var classes = 12
    @Hyperparameter("Channels at full size, doubled at each halving.", in: 4...256)
    var width = 16
  }

  let stem: SegmenterBlock
  let down: [SegmenterBlock]
  let up: [SegmenterBlock]
  let head: Conv2d

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", role: .target)]
  }

  /// - Throws: `ConfigurationError` for images whose sides are no multiples of 8.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try size(in: context)
    return [
      .map(
        "segmentation", .segmentation, classes: hyperparameters.classes, height: size.height,
        width: size.width),
      .features("features", channels: widths(hyperparameters.width)),
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    self.init(maps: hyperparameters.classes, width: hyperparameters.width)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let (maps, features) = read(inputs["image"], in: context)
    var values: Values = ["segmentation": maps]
    values.set("features", features)
    return values
  }
}

extension Segmenter {
  /// Creates the network for `maps` numbers a pixel.
  init(maps: Int, width: Int) {
    let widths = Self.widths(width)
    stem = SegmenterBlock(3, widths[0])
    down = (0..<3).map { SegmenterBlock(widths[$0], widths[$0 + 1]) }
    up = (0..<3).reversed().map { SegmenterBlock(widths[$0 + 1] + widths[$0], widths[$0]) }
    head = Conv2d(widths[0], maps, kernel: 1)
  }

  /// Channels at each size, the largest first.
  static func widths(_ width: Int) -> [Int] { (0...3).map { width << $0 } }

  /// The sides of the bound image, as far as they are known.
  ///
  /// - Throws: `ConfigurationError` where they are no multiples of 8.
  static func size(in context: PortContext) throws -> (height: Int?, width: Int?) {
    let image = context.bound["image"]
    for side in ["height", "width"].compactMap({ image?[$0] }) where side % 8 != 0 || side == 0 {
      throw ConfigurationError(
        "an image of side \(side) cannot be halved three times; sides that are multiples of 8 would do"
      )
    }
    return (image?["height"], image?["width"])
  }

  /// What it reads of each pixel of `image [N, H, W, 3]`, `[N, H, W, maps]`, and its features.
  func read(_ image: Tensor, in context: CallContext) -> (maps: Tensor, features: [Tensor]) {
    precondition(
      image.shape[1] % 8 == 0 && image.shape[2] % 8 == 0,
      "[Segmenter] sides of \(image.shape) are no multiples of 8")
    var x = stem(image, in: context)
    var skips: [Tensor] = []
    for block in down {
      skips.append(x)
      x = block(maxPool2d(x, kernel: 2, stride: 2, padding: 0), in: context)  // half as large
    }
    let features = skips + [x]
    for (block, skip) in zip(up, skips.reversed()) {
      x = block(.concatenated([upsampleNearest(x, factor: 2), skip], axis: 3), in: context)
    }
    return (head(x), features)
  }
}

extension Segmenter: Pretrainable {
  /// Sixteen thousand real images with their label maps, and as many classes as these have.
  static func pretraining(on fields: [Port]) -> Pretraining? {
    guard let classes = fields.first(where: { $0.kind == .labelMap })?["classes"] else {
      return nil
    }
    return Pretraining(
      settings: ["classes": .number(Double(classes))],
      stage: """
        {
          "name": "segmenter",
          "losses": [{ "use": "perceptors/cross-entropy" }],
          "optimizers": {
            "segmenter": { "use": "essentials/adam", "with": { "learningRate": 1e-3 } },
          },
          "procedure": {
            "phases": [
              { "updates": "perceptors", "optimizer": "segmenter", "losses": "generator" },
            ],
          },
          "training": { "batchSize": 8, "for": { "images": 16000 } },
        }
        """)
  }
}

/// Convolution, batch norm, ReLU.
struct SegmenterBlock: Module {
  let conv: Conv2d
  let norm: BatchNorm2d

  init(_ inChannels: Int, _ outChannels: Int) {
    conv = Conv2d(inChannels, outChannels, kernel: 3, padding: 1, bias: false)
    norm = BatchNorm2d(outChannels)
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    norm(conv(x), in: context).relu()
  }
}
