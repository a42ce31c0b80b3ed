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
    guard !part.use.isEmpty else {
      // It could not be read, and that has been said.
      loseSight(of: kinds)
      return nil
    }
    guard let component = catalog.components[part.use] else {
      let known = kinds.flatMap { catalog.ids(of: $0) }
      fault(
        "no loaded plugin offers \"\(part.use)\"", part, "use",
        kind: .unknownID, suggestion: NearestName.suggestion(for: part.use, among: known))
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
      let component = catalog.components[id], let defaults = try? component.completed([:])
    else {
      loseSight(of: kinds)
      return nil
    }
    guesses[part.path] = id
    do {
      return (component, try component.completed(part.with))
    } catch {
      note(error, part, component)
      return (component, defaults)
    }
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
}
