import PluginAPI

/// Where a value comes from: `dataset.labels`, `encoders.style.z`, `main.image`.
public struct Address: Hashable, Sendable, CustomStringConvertible {
  /// The providing part, or the name of a generation.
  public var node: String
  /// The provider's port.
  public var port: String
  /// For a discriminator's outputs: the judgement they belong to.
  public var judgement: JudgementKind?

  /// Creates an address.
  public init(_ node: String, _ port: String, _ judgement: JudgementKind? = nil) {
    self.node = node
    self.port = port
    self.judgement = judgement
  }

  /// Reads `node.port`; the port is what follows the last dot.
  public init?(_ text: String) {
    guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return nil }
    self.init(String(text[..<dot]), String(text[text.index(after: dot)...]))
  }

  /// As in the experiment file.
  public var description: String {
    judgement.map { "\(node).\(port)(\($0.rawValue))" } ?? "\(node).\(port)"
  }
}

/// An adapter between a provider and a consumer.
public struct AdapterUse: Sendable {
  /// The adapter's id.
  public let id: String
  /// The adapter.
  public let component: ComponentDescription
  /// What it reads.
  public let from: Port
  /// What it makes.
  public let to: Port
}

/// A consumed port and what it is bound to.
public struct Binding: Sendable {
  /// The consumer's port with every size known.
  public var port: Port
  /// Where the value comes from.
  public let source: Address
  /// What lies between, provider first.
  public let adapters: [AdapterUse]
}

/// A part of an experiment with its component found and its ports bound.
public struct ResolvedPart: Sendable {
  /// The part as written.
  public let part: Experiment.Part
  /// Its component.
  public let component: ComponentDescription
  /// Its settings, defaults filled in.
  public let settings: Setting
  /// What it consumes, by own port name.
  public var bindings: [String: Binding]
  /// What it provides.
  public var provided: [Port]
  /// For a loss or regulariser on discriminators: the bindings that differ between them, by path.
  public var judged: [String: [String: Binding]] = [:]

  /// Its path: `discriminators.0`.
  public var path: String { part.path }
}

/// A port that some part provides.
struct Provider: Sendable {
  let address: Address
  let port: Port
}
