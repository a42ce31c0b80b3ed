import PluginAPI

/// Moves a person into another pose; skip connections are warped part by part.
///
/// One encoder reads the source image and its pose, one the target pose. On the four largest sizes
/// the appearance is put where the parts of the body are in the target, or where the whole body is; a
/// decoder makes the image of both. Without warps one encoder reads everything.
///
/// - Source: arXiv:1801.00055, with the details of its authors' Keras code.
struct DeformableGenerator: Generator, Importable {
  /// What is done with skip connections.
  enum Warp: String, CaseIterable, HyperparameterValue {
    /// Each part of the body is moved by a map of its own and cut out by its mask.
    case parts
    /// One map moves everything, as the body moves from the source to the target.
    case full
    /// One map that a small network reads off the key points of both.
    case stn
    /// They stay where they are.
    case none
  }

  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels at full size, doubled by each halving up to 8 times that.", in: 1...512)
    var width = 64
    @Hyperparameter(
      "Sizes from the full one down; until the longer side is 4 if absent.", in: 4...10)
    var levels: Int? = nil
    @Hyperparameter("What is done with skip connections.")
    var warp = Warp.parts
    @Hyperparameter("How the parts become one map, where they are warped.")
    var aggregation = PartWarp.Aggregation.max
    @Hyperparameter(
      "What norms take together: a sample as published, or its channels by themselves.")
    var norm = NormKind.sample
    @Hyperparameter("Share of elements dropped in the decoder's first three blocks.", in: 0...0.95)
    var dropout: Float = 0.5
  }

  /// The sizes at which appearance is warped, the largest ones.
  static let warpedLevels = 4

  let appearance: PoseEncoder
  let pose: PoseEncoder?
  let decoder: PoseDecoder
  /// What warps, where that is learned.
  let transformer: PoseTransformer?
  private let warp: Warp
  private let aggregation: PartWarp.Aggregation

  static func consumes(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    func map(_ name: String, _ kind: Port.Kind, _ role: Port.Role?) -> Port {
      .map(name, kind, height: size.height, width: size.width, role: role)
    }
    let ports: [Port] = [
      .image("source", height: size.height, width: size.width, channels: nil, role: .source),
      map("sourcePose", .poseMaps, .source), map("targetPose", .poseMaps, .target),
    ]
    switch hyperparameters.warp {
    case .parts: return ports + [.partTransforms("transforms"), map("parts", .partMasks, nil)]
    case .full: return ports + [.partTransforms("transforms", parts: 1, role: .whole)]
    case .stn:
      return ports + [
        .keypoints("sourcePoints", role: .source), .keypoints("targetPoints", role: .target),
      ]
    case .none: return ports
    }
  }

  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    _ = try levels(hyperparameters, size)
    return [
      .image(
        "image", height: size.height, width: size.width, channels: context.image?["channels"] ?? 3,
        role: .generated)
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let count = try Self.levels(hyperparameters, try context.imageSize())
    let widths = (0..<count).map { hyperparameters.width * min(1 << $0, 8) }
    let source = try context.size("channels", of: "source")
    let sourcePose = try context.size("classes", of: "sourcePose")
    let targetPose = try context.size("classes", of: "targetPose")
    warp = hyperparameters.warp
    let isWarped = warp != .none
    appearance = PoseEncoder(
      source + sourcePose + (isWarped ? 0 : targetPose), widths: widths,
      norm: hyperparameters.norm)
    pose =
      isWarped ? PoseEncoder(targetPose, widths: widths, norm: hyperparameters.norm) : nil
    decoder = PoseDecoder(
      widths: Array(widths.dropFirst().reversed()),
      skips: widths.reversed().map { isWarped ? 2 * $0 : $0 },
      context.ports.image?["channels"] ?? 3, norm: hyperparameters.norm,
      dropout: hyperparameters.dropout)
    transformer =
      warp == .stn
      ? PoseTransformer(
        points: try context.size("count", of: "sourcePoints")
          + context.size("count", of: "targetPoints"))
      : nil
    aggregation = hyperparameters.aggregation
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    let source = [inputs["source"], inputs["sourcePose"]]
    let skips: [Tensor]
    if let pose {
      let warp = warping(inputs)
      let appearances = appearance(.concatenated(source, axis: 3), in: context)
      let poses = pose(inputs["targetPose"], in: context)
      skips = appearances.indices.map { level in
        let own = appearances[level]
        let moved = level < Self.warpedLevels ? warp(own) : own
        return .concatenated([moved, poses[level]], axis: 3)
      }
    } else {
      skips = appearance(.concatenated(source + [inputs["targetPose"]], axis: 3), in: context)
    }
    return ["image": decoder(skips.reversed(), in: context)]
  }

  /// What puts features of the source where they are in the target.
  private func warping(_ inputs: Values) -> (Tensor) -> Tensor {
    if let transformer {
      let maps = transformer.maps(inputs, from: "sourcePoints", to: "targetPoints")
      return { transformer($0, maps) }
    }
    let shape = inputs["source"].shape
    let parts = PartWarp(
      transforms: inputs["transforms"], masks: warp == .parts ? inputs["parts"] : nil,
      imageSize: Size2(shape[1], shape[2]), aggregation: aggregation)
    return { parts($0) }
  }

  /// The number of sizes: as asked, or until the longer side is 4.
  ///
  /// - Throws: `ConfigurationError` where a side cannot be halved that often.
  private static func levels(_ hyperparameters: Hyperparameters, _ size: Size2) throws -> Int {
    let possible = min(size.height.trailingZeroBitCount, size.width.trailingZeroBitCount)
    let longer = max(size.height, size.width)
    let levels = hyperparameters.levels ?? max(longer / 4, 1).trailingZeroBitCount + 1
    guard levels >= 4, levels - 1 <= possible else {
      throw ConfigurationError(
        "\(size.height)x\(size.width) images can be halved \(possible) times, \(max(levels, 4)) "
          + "sizes need \(max(levels, 4) - 1); sides that are multiples of "
          + "\(1 << (max(levels, 4) - 1)) would do")
    }
    return levels
  }
}
