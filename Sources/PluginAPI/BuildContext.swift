/// What the host tells a component when it builds it.
public struct BuildContext {
  /// Ports, sizes and slots as they were resolved.
  public let ports: PortContext
  /// What the component provides, as resolved with its consumers: a latent of any size learns its own here.
  public let provided: [String: Port]
  private let parts: (ComponentReference) throws -> any Component

  /// Creates a context; the host does.
  public init(
    ports: PortContext, provided: [String: Port],
    parts: @escaping (ComponentReference) throws -> any Component
  ) {
    self.ports = ports
    self.provided = provided
    self.parts = parts
  }

  /// The consumed ports by their own names, with the sizes found.
  public var bound: [String: Port] { ports.bound }

  /// The height and width images should have.
  ///
  /// - Throws: ``ConfigurationError`` when no dataset image is known.
  public func imageSize() throws -> Size2 { try ports.imageSize() }

  /// A size of a bound port.
  ///
  /// - Throws: ``ConfigurationError`` when the port is not bound or the size unknown.
  public func size(_ attribute: String, of port: String) throws -> Int {
    try ports.size(attribute, of: port)
  }

  /// Builds the part in a slot, or hands over the shared part it names.
  ///
  ///     let backbone = try context.build(hyperparameters.backbone, as: (any Discriminator).self)
  ///
  /// - Throws: ``ConfigurationError`` when the part is of another kind or cannot be built.
  public func build<Part>(_ slot: ComponentReference, as kind: Part.Type) throws -> Part {
    let part = try parts(slot)
    guard let result = part as? Part else {
      throw ConfigurationError("\(slot.use) is a \(type(of: part)), not a \(kind)")
    }
    return result
  }
}
