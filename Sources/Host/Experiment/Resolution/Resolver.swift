import PluginAPI

/// Matches an experiment's parts, providers before consumers, and keeps every fault.
struct Resolver {
  var result: Resolution
  let experiment: Experiment
  let catalog: Catalog
  let root: JSONValue
  let adapters: AdapterSearch
  let collector = FaultCollector()
  /// What has been provided so far.
  var providers: [Provider] = []
  /// Whether something is missing of which nobody knows what it would provide: what others miss
  /// then says nothing new.
  var isBlind = false
  /// The paths of parts that do not fit.
  var misfits: Set<String> = []
  /// What misspelt ids most likely mean, by path.
  var guesses: [String: String] = [:]

  init(_ experiment: Experiment, _ catalog: Catalog, _ root: JSONValue) {
    self.experiment = experiment
    self.catalog = catalog
    self.root = root
    adapters = AdapterSearch(catalog)
    result = Resolution(experiment: experiment, catalog: catalog)
  }

  mutating func resolve() throws -> Resolution {
    add(experiment.dataset, .dataset)
    result.targetImage = target()
    let (early, late) = supports()
    for support in early { add(support.part, support.kind) }
    addGenerator()
    for support in late { add(support.part, support.kind) }
    for discriminator in experiment.discriminators { addDiscriminator(discriminator) }
    addTraining(experiment.losses, experiment.optimizers, experiment.procedure)
    for stage in experiment.stages {
      addTraining(stage.losses, stage.optimizers, stage.procedure)
    }
    for metric in experiment.reports.metrics { addTerm(metric, .metric) }
    checkLatents()
    checkSampling()
    try collector.throwIfAny()
    return result
  }

  /// The image that training aims at.
  private func target() -> Port? {
    let images = providers.map(\.port).filter { $0.kind == .image }
    return images.first { $0.role == .target } ?? images.first { $0.role == nil }
  }

  // MARK: - Parts

  /// Finds the component of a part and completes its settings; faults are noted.
  mutating func component(
    of part: Experiment.Part, _ kinds: [ComponentKind]
  ) -> (ComponentDescription, Setting)? {
    guard let component = catalog.components[part.use] else {
      let known = kinds.flatMap { catalog.ids(of: $0) }
      fault(
        "no loaded plugin offers \"\(part.use)\"", part, "use",
        suggestion: NearestName.suggestion(for: part.use, among: known))
      return guess(part, kinds, among: known)
    }
    guard kinds.contains(component.kind) else {
      let wanted = kinds.map(\.withArticle).joined(separator: " or ")
      fault(
        "\(part.use) is \(component.kind.withArticle), expected \(wanted)", part, "use",
        suggestion: "there are \(kinds.flatMap { catalog.ids(of: $0) }.joined(separator: ", "))")
      loseSight(of: kinds)
      return nil
    }
    do {
      let settings = try component.completed(part.with)
      checkSlots(component, settings, part, part.place.appending("with"))
      guard !misfits.contains(part.path) else {
        loseSight(of: kinds)
        return nil
      }
      return (component, settings)
    } catch {
      // Matching goes on with the defaults, so that one pass tells of misfits as well.
      note(error, part, component)
      return (try? component.completed([:])).map { (component, $0) }
    }
  }

  /// Matching goes on with the component that a misspelt id most likely means.
  private mutating func guess(
    _ part: Experiment.Part, _ kinds: [ComponentKind], among known: [String]
  ) -> (ComponentDescription, Setting)? {
    guard let id = NearestName.find(part.use, among: known),
      let component = catalog.components[id],
      let settings = (try? component.completed(part.with)) ?? (try? component.completed([:]))
    else {
      loseSight(of: kinds)
      return nil
    }
    guesses[part.path] = id
    return (component, settings)
  }

  /// Nobody knows what a part of this kind would have provided.
  mutating func loseSight(of kinds: [ComponentKind]) {
    let providing: Set<ComponentKind> = [
      .dataset, .encoder, .latent, .perceptor, .generator, .discriminator,
    ]
    isBlind = isBlind || kinds.contains(where: providing.contains)
  }

  /// Resolves a part whose ports meet the providers known so far, and adds what it provides.
  mutating func add(_ part: Experiment.Part, _ kind: ComponentKind) {
    guard let (component, settings) = component(of: part, [kind]) else { return }
    finish(part, component, settings, bind(part, component, settings, among: providers))
  }

  /// Asks what a bound part provides and records it.
  ///
  /// A part that does not fit still counts as providing what it would, so that its own misfit is
  /// the only one reported.
  mutating func finish(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting,
    _ bound: Bound, nodes: [String]? = nil, image: Port? = nil
  ) {
    if !bound.isComplete { misfits.insert(part.path) }
    do {
      let provided = try component.provides(
        settings, in: context(bound.ports, image: image))
      result.parts[part.path] = ResolvedPart(
        part: part, component: component, settings: settings, bindings: bound.bindings,
        provided: provided)
      result.order.append(part.path)
      checkShares(part)
      for node in nodes ?? [part.path] {
        providers += provided.map { Provider(address: Address(node, $0.name), port: $0) }
      }
    } catch {
      if !misfits.contains(part.path) { note(error, part, component) }
      loseSight(of: [component.kind])
    }
  }

  func context(_ bound: [String: Port], image: Port? = nil) -> PortContext {
    Resolution.portContext(
      bound: bound, image: image ?? result.targetImage, catalog: catalog, parts: result.parts)
  }

  // MARK: - Binding

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
