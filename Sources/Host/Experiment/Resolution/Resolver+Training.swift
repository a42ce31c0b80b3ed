import PluginAPI

extension Resolver {
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
    checkViews(part, component, settings)
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
