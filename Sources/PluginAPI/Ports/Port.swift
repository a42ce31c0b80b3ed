/// Something a component consumes or provides: a name, what it is, and its sizes.
///
/// A consumer leaves out the attributes it takes as they come; the host unifies both sides and
/// tells each component the result (``PortContext/bound``, ``BuildContext/bound``). A provider
/// leaves out what its consumer may choose (a latent of any size).
///
///     .labelMap("labels", classes: 12)              // any side
///     .image("image", side: 64, role: .generated)
public struct Port: Hashable, Sendable {
  /// The name under which the component reads or writes it in ``Values``.
  public let name: String
  /// What flows through it.
  public let kind: Kind
  /// Sizes by name: `height`, `width`, `channels`, `classes`, …; absent means any.
  public var attributes: [String: Int]
  /// Which one, where several of a kind exist.
  public var role: Role?
  /// Where a discriminator reads it: in its trunk (the default) or only when it judges.
  public var stage = Stage.features
  /// Whether the component works without it.
  public var isOptional = false

  /// Creates a port; the factories below are the usual way.
  public init(
    _ name: String, _ kind: Kind, attributes: [String: Int?] = [:], role: Role? = nil
  ) {
    self.name = name
    self.kind = kind
    self.attributes = attributes.compactMapValues { $0 }
    self.role = role
  }

  /// The same port, read only when the discriminator judges.
  public var atJudgement: Port {
    var port = self
    port.stage = .judgement
    return port
  }

  /// The same port, for a component that works without it too.
  public var optional: Port {
    var port = self
    port.isOptional = true
    return port
  }

  /// The same port under another name.
  public func named(_ name: String) -> Port {
    var port = Port(name, kind, attributes: attributes, role: role)
    port.stage = stage
    port.isOptional = isOptional
    return port
  }

  /// A size by name.
  public subscript(attribute: String) -> Int? { attributes[attribute] }

  /// The shorter side in pixels, if it is known; of several views, that of the smallest.
  ///
  /// A view whose pictures differ in size leaves out `height` and `width` and says `smallest`.
  public var shortestSide: Int? {
    if let smallest = attributes["smallest"] { return smallest }
    guard let height = attributes["height"], let width = attributes["width"] else { return nil }
    return min(height, width)
  }
}

extension Port {
  /// Which of several values of one kind, as papers distinguish them.
  public struct Role: RawRepresentable, Hashable, Sendable {
    /// The spelling in messages and files.
    public let rawValue: String
    /// Names one; plugins may add their own.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// What training aims at: the real image and what belongs to it.
    public static let target = Role(rawValue: "target")
    /// What a translation starts from.
    public static let source = Role(rawValue: "source")
    /// Of the body as one piece, where others are of its parts.
    public static let whole = Role(rawValue: "whole")
    /// Made by the generator.
    public static let generated = Role(rawValue: "generated")
    /// From a discriminator's look at a real image.
    public static let real = Role(rawValue: "real")
    /// From a discriminator's look at a generated image.
    public static let fake = Role(rawValue: "fake")
    /// From a discriminator's look at a real image beside another sample's condition.
    public static let mismatched = Role(rawValue: "mismatched")
  }

  /// When a discriminator reads a condition.
  public enum Stage: String, Sendable {
    /// Together with the image.
    case features
    /// Only by the head; a mismatched condition then reuses the trunk's features.
    case judgement
  }
}

extension Port: CustomStringConvertible {
  /// For messages: `labelMap(classes: 12, side: 64)`.
  public var description: String {
    var sizes = attributes
    if let height = sizes["height"], height == sizes["width"] {
      sizes["side"] = height
      sizes["height"] = nil
      sizes["width"] = nil
    }
    var parts = sizes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    if let role { parts.append("role: \(role.rawValue)") }
    return parts.isEmpty ? kind.rawValue : "\(kind.rawValue)(\(parts.joined(separator: ", ")))"
  }
}
