/// What is known while ports are matched, before anything is built.
public struct PortContext: Sendable {
  /// The consumed ports by their own names, with the sizes found; in `consumes` those bound so far.
  public let bound: [String: Port]
  /// The dataset's target image: what a generator should make and a discriminator will see.
  public let image: Port?
  private let slots: @Sendable (ComponentReference, PortContext, SlotSide) throws -> [Port]

  /// Which ports of a slot are asked for.
  public enum SlotSide: Sendable { case consumes, provides }

  /// Creates a context; the host does.
  public init(
    bound: [String: Port], image: Port?,
    slots: @escaping @Sendable (ComponentReference, PortContext, SlotSide) throws -> [Port]
  ) {
    self.bound = bound
    self.image = image
    self.slots = slots
  }

  /// What the part in a slot consumes.
  public func consumed(by slot: ComponentReference) throws -> [Port] {
    try slots(slot, self, .consumes)
  }

  /// What the part in a slot provides, given the same bindings.
  public func provided(by slot: ComponentReference) throws -> [Port] {
    try slots(slot, self, .provides)
  }

  /// The height and width images should have.
  ///
  /// - Throws: ``ConfigurationError`` when no dataset image is known.
  public func imageSize() throws -> Size2 {
    guard let image, let height = image["height"], let width = image["width"] else {
      throw ConfigurationError("the dataset provides no image of a known size")
    }
    return Size2(height, width)
  }

  /// A size of a bound port.
  ///
  /// - Throws: ``ConfigurationError`` when the port is not bound or the size unknown.
  public func size(_ attribute: String, of port: String) throws -> Int {
    guard let found = bound[port] else {
      throw ConfigurationError("the port \(port) is not bound")
    }
    guard let size = found[attribute] else {
      throw ConfigurationError("the \(attribute) of \(port), bound to \(found), is not known")
    }
    return size
  }
}
