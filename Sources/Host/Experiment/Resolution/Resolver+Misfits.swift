import PluginAPI

extension Resolver {
  /// A consumer that no provider satisfies, in one sentence: both sides, and what would repair it.
  mutating func misfit(
    _ part: Experiment.Part, _ port: Port, among providers: [Provider], isNamed: Bool = false
  ) {
    guard !isBlind else { return }
    let same = providers.filter { $0.port.kind == port.kind }
    let found: String
    if isNamed, let named = providers.first {
      found = "\(named.address) is \(named.port)"
    } else if !same.isEmpty {
      found = "there is " + same.map { "\($0.port) from \($0.address)" }.joined(separator: ", ")
    } else if port.isJudged {
      let outputs = judging(part).compactMap { result.parts[$0] }.map { discriminator in
        let names = discriminator.provided.map(\.description).joined(separator: ", ")
        return "\(discriminator.path) \(discriminator.part.use) gives \(names)"
      }
      found = outputs.isEmpty ? "there is no discriminator" : outputs.joined(separator: "; ")
    } else {
      let offers = self.providers.filter { $0.address.node == "dataset" }.map(\.port.description)
      found =
        "the dataset \(experiment.dataset.use) provides "
        + (offers.isEmpty ? "nothing" : offers.joined(separator: ", "))
    }
    fault(
      "\(name(part)) needs \(port) for its input \(port.name); \(found)", part, nil,
      suggestion: repair(for: port))
  }

  /// A consumer that several providers satisfy equally well.
  mutating func misfit(_ part: Experiment.Part, _ port: Port, ambiguous providers: [Provider]) {
    let sources = providers.map(\.address.description)
    fault(
      "\(name(part)) needs \(port) for its input \(port.name), and several fit: "
        + sources.joined(separator: ", "), part, nil,
      suggestion: "choose one: \"inputs\": { \"\(port.name)\": \"\(sources.first ?? "")\" }")
  }

  /// The id of a part, or what it most likely means where it is misspelt.
  private func name(_ part: Experiment.Part) -> String { guesses[part.path] ?? part.use }

  /// Which components, with their defaults, would provide what is missing, adapters included.
  private func repair(for port: Port) -> String? {
    let kinds: [ComponentKind] =
      port.isJudged
      ? [.discriminator] : port.role == .generated ? [.generator] : [.dataset, .encoder, .latent]
    var wanted = port
    if kinds != [.dataset, .encoder, .latent] { wanted.role = nil }
    var parts: [String] = []
    for kind in kinds {
      let able = catalog.ids(of: kind).filter { id in
        guard let component = catalog.components[id],
          let ports = try? component.provides([:], in: context([:]))
        else { return false }
        let offers = ports.map { Provider(address: Address(id, $0.name), port: $0) }
        return ports.contains { PortMatch.unify(wanted, $0) != nil }
          || !adapters.routes(to: wanted, from: offers).isEmpty
      }
      if !able.isEmpty { parts.append("\(kind.rawValue)s \(able.joined(separator: ", "))") }
    }
    return parts.isEmpty ? nil : "provided by " + parts.joined(separator: "; ")
  }

  /// Notes a fault at a part, or at one of its keys.
  mutating func fault(
    _ message: String, _ part: Experiment.Part, _ key: String?,
    kind: Diagnostic.Kind = .meaning, suggestion: String? = nil
  ) {
    var place = part.place
    if let key, root[place.appending(key)] != nil { place = place.appending(key) }
    fault(message, part, at: place, kind: kind, suggestion: suggestion)
  }

  /// Notes a fault at a place; where the file leaves it out, its nearest surroundings are shown.
  mutating func fault(
    _ message: String, _ part: Experiment.Part, at place: JSONPath,
    kind: Diagnostic.Kind = .meaning, suggestion: String? = nil
  ) {
    let place = root[place] == nil && root[part.place] != nil ? part.place : place
    var shown = place
    while root[shown] == nil, !shown.isEmpty { shown.steps.removeLast() }
    collector.add(message, kind: kind, at: root[shown], place, suggestion: suggestion)
  }

  /// Notes what a component's own checks threw.
  mutating func note(
    _ error: any Error, _ part: Experiment.Part, _ component: ComponentDescription,
    at place: JSONPath? = nil
  ) {
    guard let errors = error as? HyperparameterErrors else {
      if !isBlind { fault("\(part.use): \(error)", part, nil) }
      return
    }
    let path = place ?? part.place.appending("with")
    let value = root[path] ?? root[part.place] ?? JSONValue(.null)
    collector.add(Diagnostics(errors, in: value, path: path))
  }
}

extension Port {
  /// Whether it is what a discriminator gives for one of its judgements.
  var isJudged: Bool { role.map { JudgementKind(rawValue: $0.rawValue) != nil } ?? false }
}

extension ComponentKind {
  /// With its article: `an optimizer`.
  var withArticle: String { ("aeiou".contains(rawValue.prefix(1)) ? "an " : "a ") + rawValue }
}
