import PluginAPI

/// One posterior from the whole image, by residual blocks between average pools.
///
/// At 256 pixels four blocks after the first convolution leave 8×8 places, of which the mean is
/// taken; at other sides as many as leave that.
///
/// - Source: arXiv:1711.11586, section 4.1, with the details of its authors' code.
struct ResNetEncoder: Encoder, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Length of z.", in: 1...512)
    var latentSize = 8
    @Hyperparameter(
      "Channels of the first layer; later ones have up to 4 times as many.", in: 1...512)
    var width = 64
    @Hyperparameter("Residual blocks; by default as many as leave 8 places a side.", in: 1...8)
    var blocks: Int? = nil
  }

  let first: Conv2d
  let blocks: [PooledBlock]
  let mean: Linear
  let logVariance: Linear

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.image("image", channels: nil, role: .target)]
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let z = Port.latent("z", size: hyperparameters.latentSize)
    return [z, .posterior("posterior", of: z)]
  }

  static func samplingSources(
    _ hyperparameters: Hyperparameters
  ) -> [String: SamplingSource] { ["z": .standardNormal] }

  /// - Throws: `ConfigurationError` where the image is too small for the blocks.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let side = min(
      try context.size("height", of: "image"), try context.size("width", of: "image"))
    let usual = max(1, Int.bitWidth - 1 - (side / 16).leadingZeroBitCount)
    let count = hyperparameters.blocks ?? usual
    // Each block normalises what is there before its pool: more than one place.
    guard side >= 2 << count else {
      throw ConfigurationError(
        "an image of side \(side) is too small for \(count) residual blocks, which need "
          + "\(2 << count); choose fewer blocks or larger images")
    }
    let width = hyperparameters.width
    first = convolution(try context.size("channels", of: "image"), width, kernel: 4, stride: 2)
    let channels = (0...count).map { width * min($0 + 1, 4) }
    blocks = zip(channels, channels.dropFirst()).map { PooledBlock($0, $1) }
    func output() -> Linear {
      Linear(
        channels[count], hyperparameters.latentSize, initial: firstWeight, initialBias: .zeros)
    }
    mean = output()
    logVariance = output()
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    var x = first(inputs["image"])
    for block in blocks { x = block(x) }
    let features = globalAveragePool(x.leakyRelu(0.2))  // [N, C]
    let (mean, logVariance) = (mean(features), logVariance(features))
    let noise = context.normal("z", mean.shape)
    return [
      "z": mean + noise * (logVariance * 0.5).exp(), "posterior.mean": mean,
      "posterior.logVariance": logVariance,
    ]
  }

  /// One sequence, in which activations and norms are numbered too.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    func add(_ layer: any Module, _ path: String, _ published: String) {
      for (name, _) in layer.namedParameters { names["\(path).\(name)"] = "\(published).\(name)" }
    }
    add(first, "first", "conv.0")
    for (index, block) in blocks.enumerated() {
      let (path, sequence) = ("blocks.\(index)", "conv.\(index + 1)")
      add(block.conv0, "\(path).conv0", "\(sequence).conv.2")
      add(block.conv1, "\(path).conv1", "\(sequence).conv.5.0")
      add(block.shortcut, "\(path).shortcut", "\(sequence).shortcut.1")
    }
    add(mean, "mean", "fc.0")
    add(logVariance, "logVariance", "fcVar.0")
    return names
  }
}

/// Two convolutions with norms and activations before them, beside one of side 1; both halved.
struct PooledBlock: Module {
  let norm0: InstanceNorm2d
  let conv0: Conv2d
  let norm1: InstanceNorm2d
  let conv1: Conv2d
  let shortcut: Conv2d

  init(_ inChannels: Int, _ outChannels: Int) {
    norm0 = InstanceNorm2d(inChannels)
    conv0 = convolution(inChannels, inChannels, kernel: 3)
    norm1 = InstanceNorm2d(inChannels)
    conv1 = convolution(inChannels, outChannels, kernel: 3)
    shortcut = convolution(inChannels, outChannels, kernel: 1, padding: 0)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let y = conv0(norm0(x).leakyRelu(0.2))
    let main = avgPool2d(conv1(norm1(y).leakyRelu(0.2)), kernel: 2)
    return main + shortcut(avgPool2d(x, kernel: 2))
  }
}
