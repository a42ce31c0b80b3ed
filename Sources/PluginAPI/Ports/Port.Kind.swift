extension Port {
  /// What flows through a port. Plugins may add kinds of their own: `Kind(rawValue: "depth")`.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    /// The spelling in messages and files.
    public let rawValue: String
    /// Names one; plugins may add their own.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// `[N, H, W, C]` in -1...1; files `[N, C, H, W]`.
    public static let image = Kind(rawValue: "image")
    /// Class of each pixel, `[N, H, W]`, integers 0..<classes; files the same.
    public static let labelMap = Kind(rawValue: "labelMap")
    /// One plane a class, `[N, H, W, K]`, 0 or 1; files `[N, K, H, W]`.
    public static let classPlanes = Kind(rawValue: "classPlanes")
    /// Instance of each pixel, `[N, H, W]`, integers, 0 = none; files the same.
    public static let instanceMap = Kind(rawValue: "instanceMap")
    /// Where instances meet, `[N, H, W, 1]`, 0 or 1; files `[N, 1, H, W]`.
    public static let edges = Kind(rawValue: "edges")
    /// Foreground, `[N, H, W, 1]` in 0...1; files `[N, 1, H, W]`.
    public static let mask = Kind(rawValue: "mask")
    /// Parts `tokens [N, L]` (0 = padding) and `lengths [N]`; files the same.
    public static let caption = Kind(rawValue: "caption")
    /// Parts `tokens [N, L]` (1-based attribute ids, 0 = padding) and `lengths [N]`.
    public static let attributeList = Kind(rawValue: "attributeList")
    /// Present or not, `[N, A]`, 0 or 1; files the same.
    public static let attributes = Kind(rawValue: "attributes")
    /// Parts `features [N, L, C]` and `lengths [N]`; files `[N, C, L]` and `[N]`.
    public static let words = Kind(rawValue: "words")
    /// One vector a sample, `[N, C]`; files the same.
    public static let sentence = Kind(rawValue: "sentence")
    /// Noise: `[N, size]`, or `[N, H, W, C]` (files `[N, C, H, W]`).
    public static let latent = Kind(rawValue: "latent")
    /// Parts `mean` and `logVariance`, each shaped like the latent they belong to.
    public static let posterior = Kind(rawValue: "posterior")
    /// Class of the whole image, `[N]`, integers 0..<classes.
    public static let classLabel = Kind(rawValue: "classLabel")
    /// Parts `x`, `y` and `visible`, each `[N, K]`, in pixels, -1 where missing.
    public static let keypoints = Kind(rawValue: "keypoints")
    /// One map a key point, highest where it is, `[N, H, W, K]` in 0...1; files `[N, K, H, W]`.
    public static let poseMaps = Kind(rawValue: "poseMaps")
    /// Affine maps `[N, P, 8]` from target to source pixels, rows (a, b, c), (d, e, f), 0, 0.
    public static let partTransforms = Kind(rawValue: "partTransforms")
    /// One mask a part, `[N, H, W, P]`; files `[N, P, H, W]`.
    public static let partMasks = Kind(rawValue: "partMasks")
    /// `[N, M, 4]`: x, y, width, height in pixels; missing ones 0.
    public static let boxes = Kind(rawValue: "boxes")
    /// Parts `masks [N, H, W, M]`, `classes [N, M]`, `valid [N, M]`.
    public static let instances = Kind(rawValue: "instances")
    /// Objects and relations: parts `objects [N, M]`, `triples [N, R, 3]`.
    public static let sceneGraph = Kind(rawValue: "sceneGraph")
    /// Parts `0`, `1`, …: maps of a network, `[N, H, W, C]`; files `[N, C, H, W]`.
    ///
    /// A network of several scales, or one that sees several views, has parts `0.0`, `0.1`, …, `1.0`,
    /// …: scale, then layer. `Values.set(_:scales:)` and `Values.scales(_:)` write and read both
    /// forms; the attribute `layers` counts the maps of one scale.
    public static let features = Kind(rawValue: "features")
    /// Parts `0`, `1`, … (or one value): a verdict map or number, before any sigmoid.
    public static let logits = Kind(rawValue: "logits")
    /// Scores of each class, `[N, H, W, K]`; files `[N, K, H, W]`.
    public static let segmentation = Kind(rawValue: "segmentation")
    /// Parts `0`, `1`, …: maps in 0...1 a network made, `[N, H, W, C]`; files `[N, C, H, W]`.
    public static let attentionMaps = Kind(rawValue: "attentionMaps")

    /// The kinds that lie over the image: one left without a side takes that of the image it goes
    /// with, and a view cuts it as it cuts the image.
    public static let overImage: Set<Kind> = [
      .image, .labelMap, .classPlanes, .instanceMap, .edges, .mask, .poseMaps, .partMasks,
      .segmentation,
    ]
  }

  /// An image of `side`×`side`, or `height`×`width`.
  public static func image(
    _ name: String, side: Int? = nil, height: Int? = nil, width: Int? = nil, channels: Int? = 3,
    role: Role? = nil
  ) -> Port {
    Port(
      name, .image,
      attributes: ["height": height ?? side, "width": width ?? side, "channels": channels],
      role: role)
  }

  /// A map over the image: labels, planes, masks, edges, segmentations.
  public static func map(
    _ name: String, _ kind: Kind, classes: Int? = nil, side: Int? = nil, height: Int? = nil,
    width: Int? = nil, role: Role? = nil
  ) -> Port {
    Port(
      name, kind,
      attributes: ["classes": classes, "height": height ?? side, "width": width ?? side],
      role: role)
  }

  /// A class map, `[N, H, W]`.
  public static func labelMap(
    _ name: String, classes: Int? = nil, side: Int? = nil, role: Role? = nil
  ) -> Port {
    map(name, .labelMap, classes: classes, side: side, role: role)
  }

  /// One plane a class, `[N, H, W, K]`.
  public static func classPlanes(
    _ name: String, classes: Int? = nil, side: Int? = nil, role: Role? = nil
  ) -> Port {
    map(name, .classPlanes, classes: classes, side: side, role: role)
  }

  /// A foreground mask, `[N, H, W, 1]`.
  public static func mask(_ name: String, side: Int? = nil, role: Role? = nil) -> Port {
    map(name, .mask, side: side, role: role)
  }

  /// A tokenised caption.
  public static func caption(
    _ name: String, vocabulary: Int? = nil, maxLength: Int? = nil
  ) -> Port {
    Port(name, .caption, attributes: ["vocabulary": vocabulary, "maxLength": maxLength])
  }

  /// One feature vector a word.
  public static func words(_ name: String, size: Int? = nil) -> Port {
    Port(name, .words, attributes: ["size": size])
  }

  /// One vector a sample.
  public static func sentence(_ name: String, size: Int? = nil) -> Port {
    Port(name, .sentence, attributes: ["size": size])
  }

  /// A latent vector of `size` numbers; `groups` where they are codes of so many classes, one after
  /// the other.
  public static func latent(_ name: String, size: Int? = nil, groups: Int? = nil) -> Port {
    Port(name, .latent, attributes: ["size": size, "groups": groups])
  }

  /// A latent map; `groups` where its channels are codes of so many classes, one after the other.
  public static func latentMap(
    _ name: String, height: Int?, width: Int?, channels: Int?, groups: Int? = nil
  ) -> Port {
    Port(
      name, .latent,
      attributes: ["height": height, "width": width, "channels": channels, "groups": groups])
  }

  /// A Gaussian over a latent of the same sizes.
  public static func posterior(_ name: String, of latent: Port) -> Port {
    Port(name, .posterior, attributes: latent.attributes)
  }

  /// Feature maps of a network, first layer first; `layers` counts those of one scale.
  public static func features(_ name: String, layers: Int? = nil, role: Role? = nil) -> Port {
    Port(name, .features, attributes: ["layers": layers], role: role)
  }

  /// Verdicts of a discriminator; `count` maps, one a scale.
  public static func logits(_ name: String, count: Int? = nil, role: Role? = nil) -> Port {
    Port(name, .logits, attributes: ["count": count], role: role)
  }
}
