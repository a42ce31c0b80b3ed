import PluginAPI
import SMISNetworks

/// What the generators of this plugin have in common: ports, sizes, decoders.
struct DecoderSettings {
  var width: Int
  var groups: [Int]?
  var variant = Variant.deepfashion
  var start: DecoderStart
  var upsampling: Upsampling?
  var hidden = 128
  var norm: DecoderNorm
  var form: BlockForm
  var edges: Bool

  /// Labels, edges if asked for, and the latent that `start` says.
  func consumes(in context: PortContext) throws -> [Port] {
    let size = try context.imageSize()
    let (height, width) = (size.height, size.width)
    var ports = [Port.map("labels", .labelMap, height: height, width: width)]
    if edges { ports.append(.map("edges", .edges, height: height, width: width)) }
    let classes = context.bound["labels"]?["classes"]
    let codes = classes.map { codeChannels * $0 }
    let latent = try latentSize(size)
    switch start {
    case .map:
      ports.append(
        .latentMap(
          "z", height: latent.height, width: latent.width, channels: codes, groups: classes))
    case .codes: ports.append(.latent("z", size: codes, groups: classes))
    case .vector: ports.append(.latent("z"))
    case .labels: break
    }
    return ports
  }

  /// An image of the size of the data set's.
  func provides(in context: PortContext) throws -> [Port] {
    let size = try context.imageSize()
    return [
      .image(
        "image", height: size.height, width: size.width, channels: context.image?["channels"],
        role: .generated)
    ]
  }

  /// How labels are read.
  func map(in context: BuildContext) throws -> SemanticMap {
    SemanticMap(
      classes: try context.size("classes", of: "labels"), hasEdges: edges,
      isInterleaved: variant == .cityscapes)
  }

  /// The decoder of one set of labels.
  func decoder(in context: BuildContext) throws -> Decoder {
    let map = try map(in: context)
    let norms = CGNorm(variant, map: map, hidden: hidden, norm: norm, form: form)
    let latent = context.bound["z"]
    switch start {
    case .map, .codes: try checkCodes(latent, classes: map.classes)
    // Its length is open, so that ports alone do not keep a map away.
    case .vector where latent?["channels"] != nil:
      throw ConfigurationError(
        "z is a map, start vector needs a vector; use start map, or an encoder of vectors")
    case .vector, .labels: break
    }
    return try decoder(
      norms, latentChannels: latent?["channels"] ?? latent?["size"] ?? 0,
      imageChannels: context.ports.image?["channels"] ?? 3, in: context)
  }

  /// - Throws: `ConfigurationError` unless there is a code for each class.
  func checkCodes(_ latent: Port?, classes: Int) throws {
    let found = latent?["channels"] ?? latent?["size"] ?? 0
    guard found == codeChannels * classes else {
      throw ConfigurationError(
        "z has \(found) channels; \(classes) classes need \(codeChannels) each, \(codeChannels * classes)"
      )
    }
  }

  /// A decoder with given norms.
  func decoder(
    _ norms: CGNorm, latentChannels: Int, imageChannels: Int?, in context: BuildContext
  ) throws -> Decoder {
    let size = try context.imageSize()
    return try Decoder(
      DecoderShape(width: width, groups: groups, norms: norms), norms: norms, start: start,
      latentChannels: latentChannels, latentSize: latentSize(size),
      upsampling: upsampling ?? .usual(size), imageChannels: imageChannels)
  }

  private func latentSize(_ size: Size2) throws -> Size2 {
    try (upsampling ?? .usual(size)).latentSize(size)
  }
}
