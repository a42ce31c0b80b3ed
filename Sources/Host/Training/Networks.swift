import PluginAPI

/// An experiment's components, built: every part by its path, with all weights in one list.
final class Networks {
  /// What they were built from.
  let resolution: Resolution
  /// The components by path.
  private(set) var components: [String: any Component] = [:]
  /// Every weight once, under the path of the first part that holds it: `generator.up.0.weight`.
  private(set) var parameters: [(path: String, parameter: Parameter)] = []
  private var lookedThrough: [String: [String]] = [:]
  /// Every buffer once.
  private(set) var buffers: [(path: String, buffer: Buffer)] = []

  /// Builds every part, or only some, and draws the initial weights, each from a stream named by its
  /// path.
  ///
  /// - Throws: `Diagnostics` naming the part that cannot be built.
  init(_ resolution: Resolution, only wanted: Set<String>? = nil) throws {
    self.resolution = resolution
    var seen: Set<ObjectIdentifier> = []
    for path in resolution.order where wanted?.contains(path) ?? true {
      guard let part = resolution.parts[path] else { continue }
      let component = try build(part)
      components[path] = component
      guard let module = component as? any Module else { continue }
      initialize(module, at: path, besides: seen)
      // What a metric alone looks through is no state of a run.
      guard part.component.kind != .metric else { continue }
      for (name, parameter) in module.namedParameters
      where seen.insert(ObjectIdentifier(parameter)).inserted {
        parameters.append(("\(path).\(name)", parameter))
      }
      for (name, buffer) in module.namedBuffers
      where seen.insert(ObjectIdentifier(buffer)).inserted {
        buffers.append(("\(path).\(name)", buffer))
      }
    }
  }

  /// Draws the weights of a part, those aside that belong to a part before it.
  private func initialize(
    _ module: any Module, at path: String, besides seen: Set<ObjectIdentifier>
  ) {
    let parameters = module.namedParameters.filter { seen.contains(ObjectIdentifier($0.parameter)) }
      .map { ($0.parameter, $0.parameter.value) }
    let buffers = module.namedBuffers.filter { seen.contains(ObjectIdentifier($0.buffer)) }
      .map { ($0.buffer, $0.buffer.value) }
    module.initialize(seed: resolution.experiment.seed, prefix: path)
    for (parameter, value) in parameters { parameter.value = value }
    for (buffer, value) in buffers { buffer.value = value }
  }

  /// Builds every part but the dataset, which would read its files, and forgets them again; no weight is drawn.
  ///
  /// - Parameters:
  ///   - resolution: the experiment.
  ///   - root: its text, for the places of faults.
  /// - Throws: `Diagnostics` naming all parts that cannot be built.
  static func check(_ resolution: Resolution, in root: JSONValue) throws {
    let networks = Networks(empty: resolution)
    var faults: [Diagnostic] = []
    for path in resolution.order where path != "dataset" {
      guard let part = resolution.parts[path] else { continue }
      do {
        networks.components[path] = try networks.build(part)
      } catch let error as Diagnostics {
        faults += error.faults.map { fault in
          var fault = fault
          fault.position = fault.position ?? root[part.part.place]?.position
          return fault
        }
        // What names this one would only repeat it.
        break
      }
    }
    if !faults.isEmpty { throw Diagnostics(sorting: faults) }
  }

  private init(empty resolution: Resolution) { self.resolution = resolution }

  private func build(_ part: ResolvedPart) throws -> any Component {
    if let shared = part.part.shares, let component = components[shared] { return component }
    let ports = resolution.portContext(for: part)
    let provided = Dictionary(part.provided.map { ($0.name, $0) }) { first, _ in first }
    let context = BuildContext(ports: ports, provided: provided) { [components] reference in
      try Networks.slot(reference, ports, self.resolution.catalog, components)
    }
    do {
      return try part.component.build(part.settings, in: context)
    } catch {
      throw Diagnostics([
        Diagnostic("\(part.part.use): \(error)", path: part.part.place)
      ])
    }
  }

  /// The part in a slot: a shared one, or a new one that sees its owner's ports.
  static func slot(
    _ reference: ComponentReference, _ ports: PortContext, _ catalog: Catalog,
    _ components: [String: any Component]
  ) throws -> any Component {
    if reference.isShared {
      guard let component = components[reference.use] else {
        throw ConfigurationError("there is no part \(reference.use) built before this one")
      }
      return component
    }
    guard let description = catalog.components[reference.use] else {
      throw ConfigurationError("no loaded plugin offers \(reference.use)")
    }
    let provided = try description.provides(reference.with, in: ports)
    let context = BuildContext(
      ports: ports,
      provided: Dictionary(provided.map { ($0.name, $0) }) { first, _ in first }
    ) { try slot($0, ports, catalog, components) }
    return try description.build(reference.with, in: context)
  }

  /// The part at a path as a role protocol; it must be there and of that kind.
  func part<Role>(_ path: String, as role: Role.Type) -> Role {
    guard let part = components[path] as? Role else {
      preconditionFailure("[Networks] \(path) is no \(role)")
    }
    return part
  }

  /// The parts of the experiment that slots of this part name.
  func looksThrough(_ path: String) -> [String] {
    if let known = lookedThrough[path] { return known }
    guard let part = resolution.parts[path] else { return [] }
    let found = resolution.catalog.sharedParts(part.component, part.settings).sorted()
    lookedThrough[path] = found
    return found
  }

  /// The weights under some path prefixes, in order; the prefix `""` means all.
  func parameters(under prefixes: some Collection<String>) -> [(path: String, parameter: Parameter)]
  {
    parameters.filter { path, _ in prefixes.contains { path.isUnder($0) } }
  }
}

extension String {
  /// Whether a dotted path equals a prefix or lies below it; everything lies below `""`.
  func isUnder(_ prefix: String) -> Bool {
    prefix.isEmpty || self == prefix || hasPrefix(prefix + ".")
  }
}

extension Resolution {
  /// The context in which a part was resolved; a discriminator's image is what its view shows.
  func portContext(for part: ResolvedPart) -> PortContext {
    let image = part.component.kind == .discriminator ? part.bindings["image"]?.port : nil
    return Resolution.portContext(
      bound: part.bindings.mapValues(\.port), image: image ?? targetImage, catalog: catalog,
      parts: parts)
  }
}

extension Networks {
  /// The adapter of a binding. Adapters hold no weights, so each is made when first used.
  func adapter(_ use: AdapterUse) -> any Adapter {
    let key = "adapter \(use.id)"
    if let made = components[key] as? any Adapter { return made }
    let ports = PortContext(bound: [:], image: nil) { _, _, _ in [] }
    let context = BuildContext(ports: ports, provided: [:]) { reference in
      throw ConfigurationError("an adapter has no slots, found \(reference.use)")
    }
    guard let adapter = try? use.component.build([:], in: context) as? any Adapter else {
      preconditionFailure("[Networks] the adapter \(use.id) cannot be built with its defaults")
    }
    components[key] = adapter
    return adapter
  }
}
