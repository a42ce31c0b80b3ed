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
  /// Whether dataset or generator are missing: what others miss then says nothing new.
  var isBlind = false

  init(_ experiment: Experiment, _ catalog: Catalog, _ root: JSONValue) {
    self.experiment = experiment
    self.catalog = catalog
    self.root = root
    adapters = AdapterSearch(catalog)
    result = Resolution(experiment: experiment, catalog: catalog)
  }

  mutating func resolve() throws -> Resolution {
    add(experiment.dataset, .dataset)
    isBlind = result.parts["dataset"] == nil
    result.targetImage = target()
    for latent in experiment.latents { add(latent, .latent) }
    for perceptor in experiment.perceptors { add(perceptor, .perceptor) }
    // An encoder may look at generated images; it waits until there are some.
    let (early, late) = encoders()
    for encoder in early { add(encoder, .encoder) }
    addGenerator()
    isBlind = isBlind || (experiment.generator != nil && result.parts["generator"] == nil)
    for encoder in late { add(encoder, .encoder) }
    for discriminator in experiment.discriminators { addDiscriminator(discriminator) }
    addTraining(experiment.losses, experiment.optimizers, experiment.procedure)
    for stage in experiment.stages {
      addTraining(stage.losses, stage.optimizers, stage.procedure)
    }
    for metric in experiment.reports.metrics { addTerm(metric, .metric) }
    try collector.throwIfAny()
    return result
  }

  /// The image that training aims at.
  private func target() -> Port? {
    let images = providers.map(\.port).filter { $0.kind == .image }
    return images.first { $0.role == .target } ?? images.first { $0.role == nil }
  }

  private func encoders() -> (early: [Experiment.Part], late: [Experiment.Part]) {
    let names = Set(experiment.generations.map(\.name))
    let isLate = { (part: Experiment.Part) in
      part.inputs.values.contains { source in
        Address(source).map { names.contains($0.node) } ?? false
      }
    }
    return (
      experiment.encoders.filter { !isLate($0) }, experiment.encoders.filter(isLate)
    )
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
      return nil
    }
    guard kinds.contains(component.kind) else {
      let wanted = kinds.map(\.rawValue).joined(separator: " or ")
      fault(
        "\(part.use) is a \(component.kind.rawValue), expected a \(wanted)", part, "use",
        suggestion: "there are \(kinds.flatMap { catalog.ids(of: $0) }.joined(separator: ", "))")
      return nil
    }
    do {
      let settings = try component.completed(part.with)
      try checkSlots(component, settings, part)
      return (component, settings)
    } catch {
      // Matching goes on with the defaults, so that one pass tells of misfits as well.
      note(error, part, component)
      return (try? component.completed([:])).map { (component, $0) }
    }
  }

  /// Checks the kinds and settings of the parts in slots, however deep.
  private func checkSlots(
    _ component: ComponentDescription, _ settings: Setting, _ part: Experiment.Part
  ) throws {
    for slot in component.hyperparameters {
      guard let kind = slot.slot, let value = settings[slot.name], value != .null else { continue }
      let reference = try ComponentReference(setting: value)
      guard !reference.isShared else { continue }
      guard let filled = catalog.components[reference.use] else {
        throw ConfigurationError(
          "\(slot.name): no loaded plugin offers \"\(reference.use)\"; \(kind.rawValue)s are "
            + catalog.ids(of: kind).joined(separator: ", "))
      }
      guard filled.kind == kind else {
        throw ConfigurationError(
          "\(slot.name): \(reference.use) is a \(filled.kind.rawValue), expected a \(kind.rawValue)"
        )
      }
      try checkSlots(filled, try filled.completed(reference.with), part)
    }
  }

  /// Resolves a part whose ports meet the providers known so far, and adds what it provides.
  mutating func add(_ part: Experiment.Part, _ kind: ComponentKind) {
    guard let (component, settings) = component(of: part, [kind]) else { return }
    guard let bindings = bind(part, component, settings, among: providers) else { return }
    finish(part, component, settings, bindings)
  }

  /// Asks what a bound part provides and records it.
  mutating func finish(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting,
    _ bindings: [String: Binding], nodes: [String]? = nil, image: Port? = nil
  ) {
    do {
      let provided = try component.provides(
        settings, in: context(bindings.mapValues(\.port), image: image))
      result.parts[part.path] = ResolvedPart(
        part: part, component: component, settings: settings, bindings: bindings,
        provided: provided)
      result.order.append(part.path)
      if let shared = part.shares, experiment.encoders.allSatisfy({ $0.path != shared }) {
        fault("there is no encoder \(shared) to share weights with", part, "shares")
      }
      for node in nodes ?? [part.path] {
        providers += provided.map { Provider(address: Address(node, $0.name), port: $0) }
      }
    } catch {
      note(error, part, component)
    }
  }

  func context(_ bound: [String: Port], image: Port? = nil) -> PortContext {
    Resolution.portContext(
      bound: bound, image: image ?? result.targetImage, catalog: catalog, parts: result.parts)
  }

  // MARK: - Binding

  /// Binds every port a part consumes; misfits are noted and give `nil`.
  mutating func bind(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting,
    among providers: [Provider], inputs: [String: String]? = nil, size: Port? = nil,
    except: (Port) -> Bool = { _ in false }
  ) -> [String: Binding]? {
    let consumed: [Port]
    do {
      consumed = try component.consumes(settings, in: context([:]))
    } catch {
      note(error, part, component)
      return nil
    }
    let inputs = inputs ?? part.inputs
    for name in inputs.keys.sorted() where !consumed.contains(where: { $0.name == name }) {
      fault(
        "\(part.use) has no input \(name)", part, "inputs",
        suggestion: NearestName.suggestion(for: name, among: consumed.map(\.name)))
    }
    var bindings: [String: Binding] = [:]
    var isComplete = true
    for port in consumed where !except(port) {
      let sized = sized(port, size)
      if let binding = bind(sized, of: part, to: inputs[port.name], among: providers) {
        bindings[port.name] = binding
      } else if !port.isOptional || inputs[port.name] != nil {
        isComplete = false
      }
    }
    return isComplete ? bindings : nil
  }

  /// A map or image that leaves its size open takes that of the image it goes with.
  private func sized(_ port: Port, _ image: Port?) -> Port {
    guard let image, Resolver.spatialKinds.contains(port.kind), port["height"] == nil,
      port["width"] == nil
    else { return port }
    var port = port
    port.attributes["height"] = image["height"]
    port.attributes["width"] = image["width"]
    return port
  }

  static let spatialKinds: Set<Port.Kind> = [
    .image, .labelMap, .classPlanes, .instanceMap, .edges, .mask,
  ]

  private mutating func bind(
    _ port: Port, of part: Experiment.Part, to source: String?, among all: [Provider]
  ) -> Binding? {
    var providers = all
    if let source {
      providers = explicit(source, of: part, port)
      if providers.isEmpty { return nil }
    }
    let direct = providers.compactMap { provider in
      PortMatch.unify(port, provider.port).map { (provider: provider, port: $0) }
    }
    if let match = PortMatch.preferred(direct, for: port, port: { $0.provider.port }) {
      settle(match.provider.address, match.port)
      return Binding(port: match.port, source: match.provider.address, adapters: [])
    }
    if direct.count > 1 {
      if !port.isOptional {
        misfit(part, port, ambiguous: direct.map(\.provider))
      }
      return nil
    }
    let routes = adapters.routes(to: port, from: providers)
    if let route = PortMatch.preferred(routes, for: port, port: { $0.provider.port }) {
      return Binding(port: route.port, source: route.provider.address, adapters: route.steps)
    }
    if routes.count > 1 {
      misfit(part, port, ambiguous: routes.map(\.provider))
    } else if !port.isOptional || source != nil {
      misfit(part, port, among: providers)
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
    fault(
      "there is no value \(source) for the input \(port.name)", part, "inputs",
      suggestion: NearestName.suggestion(
        for: source, among: providers.map(\.address.description)))
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
