import PluginAPI

/// Translates labels or a picture into an image, as a code says.
///
/// An encoder-decoder with a skip connection at every level. The code z is spread over all places
/// and joins what each level takes on the way down.
///
/// - Source: arXiv:1711.11586, section 4.1 ("add to all"), with the details of its authors' code.
struct BicycleUNet: Generator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels of the outermost level; inner ones have up to 8 times as many.", in: 1...512)
    var width = 64
    @Hyperparameter("Halvings; by default as many as the side allows, at most 8.", in: 4...10)
    var levels: Int? = nil
    @Hyperparameter(
      "Share of elements dropped in levels 4 to n - 2 of n, the outermost being 0.", in: 0...0.95)
    var dropout: Float = 0.5
    @Hyperparameter("What is translated: one plane a class, or a picture.")
    var condition = Condition.labels
  }

  let levels: [BicycleLevel]

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    [hyperparameters.condition.port(try context.imageSize()), .latent("z")]
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image(
        "image", height: size.height, width: size.width, channels: context.image?["channels"],
        role: .generated)
    ]
  }

  /// - Throws: `ConfigurationError` where the image can't be halved that often.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let size = try context.imageSize()
    let both = min(size.height.trailingZeroBitCount, size.width.trailingZeroBitCount)
    let count = hyperparameters.levels ?? min(both, 8)
    guard count >= 4, count <= both else {
      throw ConfigurationError(
        "\(size) images can be halved \(both) times, the generator needs \(max(count, 4)); "
          + "choose sides that are multiples of \(1 << max(count, 4)), or fewer levels, at least 4")
    }
    let planes = try hyperparameters.condition.channels(in: context)
    let code = try context.size("size", of: "z")
    let channels =
      [planes] + (0..<count).map { hyperparameters.width * min(1 << $0, 8) }
    levels = (0..<count).map { index in
      BicycleLevel(
        channels[index], channels[index + 1], code: code,
        outChannels: index == 0 ? context.ports.image?["channels"] ?? 3 : channels[index],
        place: index == 0 ? .outermost : index == count - 1 ? .innermost : .between,
        dropout: index >= 4 && index < count - 1 ? hyperparameters.dropout : 0)
    }
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let z = inputs["z"]
    var skips: [Tensor] = []
    var x = inputs["condition"]
    for level in levels {
      skips.append(x)
      x = level.lowered(x, z)
    }
    for (index, level) in levels.enumerated().reversed() {
      x = level.raised(x, in: context)
      if index > 0 { x = .concatenated([x, skips[index]], axis: 3) }
    }
    return ["image": x.tanh()]
  }

  /// Each level's sequences lie within the one around it.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    var sequence = "model"
    for (index, level) in levels.enumerated() {
      let down = index == 0 ? 0 : 1
      for (name, _) in level.down.namedParameters {
        names["levels.\(index).down.\(name)"] = "\(sequence).down.\(down).\(name)"
      }
      for (name, _) in level.up.namedParameters {
        names["levels.\(index).up.\(name)"] = "\(sequence).up.1.\(name)"
      }
      sequence += ".submodule"
    }
    return names
  }
}

/// One halving and the doubling that belongs to it.
struct BicycleLevel: Module {
  enum Place { case outermost, between, innermost }

  let down: Conv2d
  let downNorm: InstanceNorm2d?
  let up: ConvTransposed2d
  let upNorm: InstanceNorm2d?
  let dropout: Dropout
  private let place: Place

  init(
    _ inChannels: Int, _ innerChannels: Int, code: Int, outChannels: Int, place: Place,
    dropout: Float
  ) {
    down = convolution(inChannels + code, innerChannels, kernel: 4, stride: 2)
    downNorm = place == .between ? InstanceNorm2d(innerChannels) : nil
    up = ConvTransposed2d(
      place == .innermost ? innerChannels : 2 * innerChannels, outChannels, kernel: 4, stride: 2,
      padding: 1, initial: firstWeight, initialBias: .zeros)
    upNorm = place == .outermost ? nil : InstanceNorm2d(outChannels)
    self.dropout = Dropout(dropout)
    self.place = place
  }

  /// Half the size of `x [N, H, W, C]` beside `z [N, size]`.
  func lowered(_ x: Tensor, _ z: Tensor) -> Tensor {
    let (count, size) = (z.shape[0], z.shape[1])
    let spread = z.reshaped([count, 1, 1, size])
      .broadcast(to: [count, x.shape[1], x.shape[2], size])
    let joined = Tensor.concatenated([x, spread], axis: 3)
    let y = down(place == .outermost ? joined : joined.leakyRelu(0.2))
    return downNorm.map { $0(y) } ?? y
  }

  /// Twice the size of `x`.
  func raised(_ x: Tensor, in context: CallContext) -> Tensor {
    let y = up(x.relu())
    return dropout(upNorm.map { $0(y) } ?? y, in: context)
  }
}
