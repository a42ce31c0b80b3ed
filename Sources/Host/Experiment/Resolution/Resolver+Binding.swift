import PluginAPI

extension Resolver {
  /// What a part's ports were bound to.
  struct Bound {
    var bindings: [String: Binding] = [:]
    /// Whether every port that has to be bound is.
    var isComplete = true

    /// The ports with the sizes found.
    var ports: [String: Port] { bindings.mapValues(\.port) }
  }

  /// Binds every port a part consumes; misfits are noted.
  ///
  /// - Parameters:
  ///   - part: the part, for its inputs and for messages.
  ///   - component: its component.
  ///   - settings: its settings, complete.
  ///   - providers: what may be bound.
  ///   - inputs: ports bound by hand; by default those of the part.
  ///   - size: the image whose side is taken by maps that leave theirs open.
  ///   - image: the image the component is asked about; by default the target.
  ///   - known: ports that are filled in otherwise, or sizes that are known already.
  ///   - except: ports that are not bound here.
  /// - Returns: the bindings by port, as far as they go.
  mutating func bind(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting,
    among providers: [Provider], inputs: [String: String]? = nil, size: Port? = nil,
    image: Port? = nil, known: [String: Port] = [:], except: (Port) -> Bool = { _ in false }
  ) -> Bound {
    let inputs = inputs ?? part.inputs
    var bound = Bound()
    do {
      var consumed = try component.consumes(settings, in: context([:], image: image))
      for name in inputs.keys.sorted() where !consumed.contains(where: { $0.name == name }) {
        fault(
          "\(part.use) has no input \(name)", part, "inputs",
          suggestion: NearestName.suggestion(for: name, among: consumed.map(\.name))
            ?? "it has \(consumed.map(\.name).joined(separator: ", "))")
        bound.isComplete = false
      }
      for index in consumed.indices {
        // What is bound already may tell the sizes of what follows.
        consumed = try component.consumes(settings, in: context(bound.ports, image: image))
        guard consumed.indices.contains(index), !except(consumed[index]) else { continue }
        var port = sized(consumed[index], size)
        port.attributes.merge(known[port.name]?.attributes ?? [:]) { own, _ in own }
        if let binding = bind(port, of: part, to: inputs[port.name], among: providers) {
          bound.bindings[port.name] = binding
        } else if !port.isOptional || inputs[port.name] != nil {
          bound.isComplete = false
        }
      }
    } catch {
      if bound.isComplete, !misfits.contains(part.path) { note(error, part, component) }
      bound.isComplete = false
    }
    return bound
  }

  /// A map or image that leaves its size open takes that of the image it goes with.
  private func sized(_ port: Port, _ image: Port?) -> Port {
    guard let image, Port.Kind.overImage.contains(port.kind), port["height"] == nil,
      port["width"] == nil
    else { return port }
    var port = port
    port.attributes["height"] = image["height"]
    port.attributes["width"] = image["width"]
    return port
  }

  private mutating func bind(
    _ port: Port, of part: Experiment.Part, to source: String?, among all: [Provider]
  ) -> Binding? {
    if let source {
      // Who names the source has said which one is meant: roles do not matter.
      var open = port
      open.role = nil
      let named = explicit(source, of: part, port)
      return named.isEmpty ? nil : bind(open, of: part, among: named, isNamed: true)
    }
    // What a perceptor sees of the real image is taken only where nothing else fits.
    let others = all.filter { result.parts[$0.address.node]?.component.kind != .perceptor }
    let fits = match(port, among: others)
    if case .none = fits { return bind(port, of: part, among: all, isNamed: false) }
    return bind(port, of: part, among: others, isNamed: false)
  }

  private enum Match {
    case one(Binding)
    case several([Provider])
    case none
  }

  /// The provider of a port, directly or through adapters.
  private func match(_ port: Port, among providers: [Provider]) -> Match {
    let direct = providers.compactMap { provider in
      PortMatch.unify(port, provider.port).map { (provider: provider, port: $0) }
    }
    if let match = PortMatch.preferred(direct, for: port, port: { $0.provider.port }) {
      return .one(Binding(port: match.port, source: match.provider.address, adapters: []))
    }
    if direct.count > 1 { return .several(direct.map(\.provider)) }
    let routes = adapters.routes(to: port, from: providers)
    if let route = PortMatch.preferred(routes, for: port, port: { $0.provider.port }) {
      return .one(
        Binding(port: route.port, source: route.provider.address, adapters: route.steps))
    }
    return routes.isEmpty ? .none : .several(routes.map(\.provider))
  }

  private mutating func bind(
    _ port: Port, of part: Experiment.Part, among providers: [Provider], isNamed: Bool
  ) -> Binding? {
    switch match(port, among: providers) {
    case .one(let binding):
      if binding.adapters.isEmpty { settle(binding.source, binding.port) }
      return binding
    case .several(let found):
      if !port.isOptional || isNamed { misfit(part, port, ambiguous: found) }
    case .none:
      if !port.isOptional || isNamed {
        misfit(part, port, among: providers, isNamed: isNamed)
      }
    }
    return nil
  }

  /// The provider that `inputs` names; a port that a generation consumes may be named as well.
  private mutating func explicit(
    _ source: String, of part: Experiment.Part, _ port: Port
  ) -> [Provider] {
    guard let address = Address(source) else { return [] }
    let found = providers.filter { $0.address == address }
    if !found.isEmpty { return found }
    if let binding = result.generations[address.node]?[address.port] {
      return [Provider(address: address, port: binding.port)]
    }
    let isGeneration = experiment.generations.contains { $0.name == address.node }
    guard !isBlind, !isGeneration || !misfits.contains("generator") else { return [] }
    let known = providers.filter { $0.address.judgement == nil }.map(\.address.description)
    fault(
      "there is no value \(source) for the input \(port.name)", part, "inputs",
      suggestion: NearestName.suggestion(for: source, among: known))
    return []
  }

  /// A provider that left sizes open (a latent) takes those of its first consumer.
  private mutating func settle(_ address: Address, _ port: Port) {
    guard address.judgement == nil,
      let index = providers.firstIndex(where: {
        $0.address == address
      })
    else { return }
    let open = providers[index].port
    guard open.attributes.count < port.attributes.count,
      result.parts[address.node]?.component.kind == .latent
    else { return }
    var settled = Port(open.name, open.kind, attributes: port.attributes, role: open.role)
    settled.stage = open.stage
    providers[index] = Provider(address: address, port: settled)
    if let slot = result.parts[address.node]?.provided.firstIndex(where: { $0.name == open.name }) {
      result.parts[address.node]?.provided[slot] = settled
    }
  }
}
