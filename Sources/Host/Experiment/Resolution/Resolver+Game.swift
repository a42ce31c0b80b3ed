import PluginAPI

extension Resolver {
  /// The generator: one set of weights, bound once for each generation.
  mutating func addGenerator() {
    guard let part = experiment.generator,
      let (component, settings) = component(of: part, [.generator])
    else { return }
    let names = experiment.generations.map(\.name)
    // One generation may leave a size open that another knows: all of them share the weights.
    var known: [String: Port] = [:]
    var isComplete = true
    for pass in 0..<2 where isComplete {
      for generation in experiment.generations {
        let bound = bind(
          part, component, settings, among: providers,
          inputs: part.inputs.merging(generation.inputs) { $1 }, known: known)
        isComplete = isComplete && bound.isComplete
        result.generations[generation.name] = bound.bindings
        for (name, port) in bound.ports {
          known[name, default: port].attributes.merge(port.attributes) { own, _ in own }
        }
        if !isComplete { break }
      }
      let isSettled = result.generations.values.allSatisfy { bindings in
        bindings.allSatisfy { known[$0.key]?.attributes == $0.value.port.attributes }
      }
      if isSettled || pass == 1 { break }
    }
    finish(
      part, component, settings,
      Bound(bindings: result.generations[names.first ?? ""] ?? [:], isComplete: isComplete),
      nodes: names)
    roleGenerated()
  }

  /// Images a generator provides count as generated, whether it says so or not.
  private mutating func roleGenerated() {
    let names = Set(experiment.generations.map(\.name))
    for index in providers.indices
    where names.contains(providers[index].address.node) && providers[index].port.kind == .image {
      var port = providers[index].port
      port.role = .generated
      providers[index] = Provider(address: providers[index].address, port: port)
    }
  }

  /// The generated image meant by `on`, by default the one like the target, else the last.
  func generatedImage(_ on: [String]) -> Provider? {
    let images = providers.filter { $0.port.kind == .image && $0.port.role == .generated }
    for name in on {
      if let image = images.first(where: {
        $0.address.description == name || $0.address.port == name
      }) {
        return image
      }
    }
    let first = images.filter { $0.address.node == experiment.generations.first?.name }
    let target = result.targetImage
    return first.last {
      $0.port["height"] == target?["height"] && $0.port["width"] == target?["width"]
    } ?? first.last
  }

  /// A discriminator: the image it judges, the view, and its conditions at the image's size.
  mutating func addDiscriminator(_ part: Experiment.Part) {
    guard let (component, settings) = component(of: part, [.discriminator]) else { return }
    guard let fake = generatedImage(part.on) else {
      guard !isBlind else { return }
      fault(
        "there is no generated image to judge", part, "on",
        suggestion: "choose a generator that provides an image")
      return
    }
    if let wrong = part.on.first(where: {
      $0 != fake.address.description && $0 != fake.address.port
    }) {
      let known = providers.filter { $0.port.role == .generated }.map(\.address.description)
      fault(
        "there is no generated image \(wrong)", part, "on",
        suggestion: NearestName.suggestion(for: wrong, among: known))
      return
    }
    let wanted = Port(
      "image", .image, attributes: fake.port.attributes, role: result.targetImage?.role)
    guard let real = bindReal(wanted, part) else { return }
    let image = viewed(part, Port("image", .image, attributes: fake.port.attributes))
    var bound = bind(
      part, component, settings, among: providers.filter { $0.port.role != .generated },
      size: fake.port, image: image, except: { $0.name == "image" && $0.kind == .image })
    if let view = result.parts["\(part.path).view"] {
      for (name, port) in bound.ports { bound.bindings[name]?.port = seen(port, by: view) }
    }
    bound.bindings["image"] = Binding(port: image, source: fake.address, adapters: [])
    guard imageFits(part, component, settings, image) else { return }
    result.judgedImages[part.path] = Resolution.JudgedImage(
      fake: fake.address, real: real, port: fake.port)
    finish(part, component, settings, bound, nodes: [], image: image)
    addJudged(part)
  }

  private mutating func bindReal(_ port: Port, _ part: Experiment.Part) -> Binding? {
    let real = providers.filter { $0.address.node == "dataset" && $0.port.kind == .image }
    let direct = real.compactMap { provider in
      PortMatch.unify(port, provider.port).map { (provider, $0) }
    }
    if let match = PortMatch.preferred(direct, for: port, port: { $0.0.port }) {
      return Binding(port: match.1, source: match.0.address, adapters: [])
    }
    let routes = adapters.routes(to: port, from: real)
    guard let route = PortMatch.preferred(routes, for: port, port: { $0.provider.port }) else {
      misfit(part, port, among: real)
      return nil
    }
    return Binding(port: route.port, source: route.provider.address, adapters: route.steps)
  }

  private mutating func imageFits(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting, _ image: Port
  ) -> Bool {
    guard
      let wanted = try? component.consumes(settings, in: context([:], image: image)).first(where: {
        $0.name == "image"
      })
    else { return true }
    var seen = image
    seen.role = wanted.role
    guard PortMatch.unify(wanted, seen) == nil else { return true }
    fault("\(part.use) needs \(wanted); it is shown \(image)", part, "on")
    return false
  }

  /// What the discriminator sees of an image, and the view as a part of its own.
  private mutating func viewed(_ part: Experiment.Part, _ image: Port) -> Port {
    guard let view = part.view else { return image }
    var viewPart = Experiment.Part(
      path: "\(part.path).view", place: part.place.appending("view"), use: view.use, with: view.with
    )
    viewPart.name = "view"
    guard let (component, settings) = component(of: viewPart, [.view]) else { return image }
    let bound = bind(viewPart, component, settings, among: providers, size: image)
    let resolved = ResolvedPart(
      part: viewPart, component: component, settings: settings, bindings: bound.bindings,
      provided: [])
    result.parts[viewPart.path] = resolved
    result.order.append(viewPart.path)
    return seen(image, by: resolved)
  }

  /// What a view shows of a map over the image.
  private mutating func seen(_ port: Port, by view: ResolvedPart) -> Port {
    guard Port.Kind.overImage.contains(port.kind) else { return port }
    do {
      return try view.component.seen(port, view.settings)
    } catch {
      note(error, view.part, view.component)
      return port
    }
  }

  /// Every output of a discriminator is provided once a judgement.
  private mutating func addJudged(_ part: Experiment.Part) {
    guard let resolved = result.parts[part.path] else { return }
    for kind in JudgementKind.allCases {
      providers += resolved.provided.map { output in
        var port = output
        port.role = kind.role
        return Provider(address: Address(part.path, output.name, kind), port: port)
      }
    }
  }

  // MARK: - What trains

  /// Losses, optimizers and phases of the adversarial stage or of one before it.
  mutating func addTraining(
    _ losses: [Experiment.Part], _ optimizers: [Experiment.Part], _ procedure: Procedure
  ) {
    for loss in losses { addLoss(loss) }
    for optimizer in optimizers {
      add(optimizer, .optimizer)
      guard let schedule = optimizer.schedule else { continue }
      add(
        Experiment.Part(
          path: "\(optimizer.path).schedule", place: optimizer.place.appending("schedule"),
          use: schedule.use, with: schedule.with), .schedule)
    }
    for phase in procedure.phases { check(phase, losses, optimizers) }
  }

  private mutating func addLoss(_ part: Experiment.Part) {
    guard
      let (component, settings) = component(of: part, [.adversarialLoss, .loss, .regularizer])
    else { return }
    guard checkTargets(part) else { return }
    if component.kind != .loss { checkVerdicts(part, component, settings) }
    addTerm(part, component.kind, component, settings)
  }

  /// Checks that what a loss is on exists: discriminators, or a generated image.
  private mutating func checkTargets(_ part: Experiment.Part) -> Bool {
    let images = providers.filter { $0.port.kind == .image && $0.port.role == .generated }
    let known = experiment.discriminators.map(\.path) + images.map(\.address.description)
    let unknown = part.on.filter { name in
      !known.contains(name) && !images.contains { $0.address.port == name }
    }
    guard !isBlind else { return true }
    for name in unknown {
      fault(
        "there is no discriminator and no generated image \(name)", part, "on",
        suggestion: NearestName.suggestion(for: name, among: known)
          ?? "there are \(known.joined(separator: ", "))")
    }
    return unknown.isEmpty
  }

  /// The game needs a discriminator that gives verdicts, and those that the loss reads.
  private mutating func checkVerdicts(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting
  ) {
    if judging(part).isEmpty, !isBlind {
      fault("\(part.use) needs a discriminator; there is none", part, "use")
    }
    let wanted = (try? component.verdicts(settings)) ?? []
    let verdicts = result.parts.mapValues { part in
      part.provided.filter { $0.kind == .logits }.map(\.name)
    }
    let isGood = { (path: String) in
      verdicts[path].map { !$0.isEmpty && wanted.allSatisfy($0.contains) } ?? true
    }
    let able = experiment.discriminators.map(\.path).filter(isGood)
    for path in judging(part) where !isGood(path) && !isBlind {
      guard let discriminator = result.parts[path], let given = verdicts[path] else { continue }
      let needs = wanted.isEmpty ? "a verdict" : wanted.joined(separator: ", ")
      let has = given.isEmpty ? "none" : given.joined(separator: ", ")
      let names = able.map { "\"\($0)\"" }.joined(separator: ", ")
      fault(
        "\(part.use) reads \(needs) of \(path) \(discriminator.part.use), whose verdicts are \(has)",
        part, "use", suggestion: able.isEmpty ? nil : "say where it fits: \"on\": [\(names)]")
    }
  }

  /// The discriminators a loss concerns.
  func judging(_ part: Experiment.Part) -> [String] {
    let named = part.on.filter { $0.hasPrefix("discriminators.") }
    return named.isEmpty ? experiment.discriminators.map(\.path) : named
  }

  /// A loss term, adversarial loss, regulariser or metric: ports with a judgement's role are bound
  /// for each discriminator that can serve them, the others once.
  mutating func addTerm(_ part: Experiment.Part, _ kind: ComponentKind) {
    guard let (component, settings) = component(of: part, [kind]), checkTargets(part) else {
      return
    }
    addTerm(part, kind, component, settings)
  }

  private mutating func addTerm(
    _ part: Experiment.Part, _ kind: ComponentKind, _ component: ComponentDescription,
    _ settings: Setting
  ) {
    let image = generatedImage(part.on)
    let plain = providers.filter {
      $0.address.judgement == nil
        && ($0.port.role != .generated || $0.address == image?.address)
    }
    let bound = bind(
      part, component, settings, among: plain, size: image?.port ?? result.targetImage,
      except: \.isJudged)
    finish(part, component, settings, bound, nodes: [])
    bindJudged(part, component, settings)
  }

  private mutating func bindJudged(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting
  ) {
    guard let ports = try? component.consumes(settings, in: context([:])).filter(\.isJudged),
      !ports.isEmpty
    else { return }
    for path in judging(part) {
      let all = providers.filter { $0.address.node == path }
      let pairs = ports.compactMap { port in
        let named = part.inputs[port.name].flatMap { Address($0) }
        let own =
          named.map { name in
            all.filter { $0.address.node == name.node && $0.address.port == name.port }
          } ?? all
        return PortMatch.preferred(
          own.compactMap { provider in
            PortMatch.unify(port, provider.port).map { (provider.address, $0) }
          }, for: port, port: { $0.1 }
        ).map { (port.name, Binding(port: $0.1, source: $0.0, adapters: [])) }
      }
      if pairs.count == ports.count {
        result.parts[part.path]?.judged[path] = Dictionary(uniqueKeysWithValues: pairs)
      }
    }
    if result.parts[part.path]?.judged.isEmpty ?? false {
      misfit(part, ports[0], among: providers.filter { $0.address.judgement != nil })
    }
  }

  /// Checks that a phase's names exist.
  private mutating func check(
    _ phase: Phase, _ losses: [Experiment.Part], _ optimizers: [Experiment.Part]
  ) {
    let place = Experiment.Part(path: "procedure", place: phase.place, use: phase.name, with: [:])
    let names = optimizers.map { String($0.path.split(separator: ".").last ?? "") }
    if !names.contains(phase.optimizer) {
      fault(
        "the phase \(phase.name) uses the optimizer \"\(phase.optimizer)\", which is not there",
        place, nil, suggestion: NearestName.suggestion(for: phase.optimizer, among: names))
    }
    let trainable = trainablePaths
    for prefix in phase.updates + phase.modes.keys.sorted() + (phase.clip?.of ?? [])
    where !prefix.isEmpty
      && !trainable.contains(where: {
        $0 == prefix || $0.hasPrefix(prefix + ".") || prefix.hasPrefix($0 + ".")
      })
    {
      // A shipped procedure may update encoders that this experiment does not have.
      guard !["encoders", "discriminators", "perceptors"].contains(prefix) else { continue }
      fault(
        "the phase \(phase.name) names \"\(prefix)\", which is not there", place, nil,
        suggestion: NearestName.suggestion(for: prefix, among: trainable))
    }
    let generations = experiment.generations.map(\.name)
    for name in phase.fresh where !generations.contains(name) {
      fault(
        "the phase \(phase.name) makes the generation \"\(name)\" anew, which is not there", place,
        nil, suggestion: NearestName.suggestion(for: name, among: generations))
    }
    guard case .named(let wanted, _) = phase.losses else { return }
    for name in wanted where !losses.contains(where: { $0.name == name }) {
      fault(
        "the phase \(phase.name) sums the loss \"\(name)\", which is not there", place, nil,
        suggestion: NearestName.suggestion(for: name, among: losses.map(\.name)))
    }
  }

  /// The paths of everything that has weights.
  private var trainablePaths: [String] {
    (experiment.generator.map { [$0.path] } ?? [])
      + experiment.encoders.map(\.path) + experiment.perceptors.map(\.path)
      + experiment.discriminators.map(\.path) + experiment.latents.map(\.path)
  }
}
