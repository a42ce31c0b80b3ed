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
}
