import PluginAPI

extension Resolver {
  /// Checks the kinds and settings of the parts in slots, however deep.
  mutating func checkSlots(
    _ component: ComponentDescription, _ settings: Setting, _ part: Experiment.Part,
    _ place: JSONPath
  ) {
    for slot in component.hyperparameters {
      guard let kind = slot.slot, let value = settings[slot.name], value != .null,
        let reference = try? ComponentReference(setting: value)
      else { continue }
      let place = place.appending(slot.name)
      let known = catalog.ids(of: kind)
      if reference.isShared {
        checkShared(reference.use, kind, slot.name, part, place)
        continue
      }
      guard let filled = catalog.components[reference.use] else {
        fault(
          "\(slotName(slot.name, place))no loaded plugin offers \"\(reference.use)\"", part,
          at: place, kind: .unknownID,
          suggestion: NearestName.suggestion(for: reference.use, among: known)
            ?? "there are \(known.joined(separator: ", "))")
        misfits.insert(part.path)
        continue
      }
      guard filled.kind == kind else {
        fault(
          "\(slotName(slot.name, place))\(reference.use) is \(filled.kind.withArticle), expected "
            + kind.withArticle, part, at: place,
          suggestion: "there are \(known.joined(separator: ", "))")
        misfits.insert(part.path)
        continue
      }
      do {
        checkSlots(
          filled, try filled.completed(reference.with), part, place.appending("with"))
      } catch {
        note(error, part, filled, at: place.appending("with"))
        misfits.insert(part.path)
      }
    }
  }

  /// The slot's name where the file says nothing of it; else the place says it.
  private func slotName(_ name: String, _ place: JSONPath) -> String {
    root[place] == nil ? "\(name): " : ""
  }

  /// Checks the part of the experiment that a slot names.
  private mutating func checkShared(
    _ path: String, _ kind: ComponentKind, _ slot: String, _ part: Experiment.Part,
    _ place: JSONPath
  ) {
    let supports = experiment.perceptors + experiment.encoders + experiment.latents
    guard let shared = supports.first(where: { $0.path == path }) else {
      fault(
        "\(slotName(slot, place))there is no part \(path) in the experiment", part, at: place,
        suggestion: NearestName.suggestion(for: path, among: supports.map(\.path))
          ?? "an id has a slash, such as \"\(catalog.ids(of: kind).first ?? "plugin/name")\"")
      misfits.insert(part.path)
      return
    }
    guard let found = catalog.components[shared.use]?.kind, found != kind else { return }
    fault(
      "\(slotName(slot, place))\(path) is \(found.withArticle), expected \(kind.withArticle)", part,
      at: place)
    misfits.insert(part.path)
  }

  /// Checks that weights are shared with an encoder of the same id.
  mutating func checkShares(_ part: Experiment.Part) {
    guard let shared = part.shares else { return }
    guard let other = experiment.encoders.first(where: { $0.path == shared }) else {
      fault(
        "there is no encoder \(shared) to share weights with", part, "shares",
        suggestion: NearestName.suggestion(for: shared, among: experiment.encoders.map(\.path)))
      return
    }
    if other.use != part.use {
      fault(
        "\(part.use) cannot use the weights of \(shared), which is \(other.use)", part, "shares")
    } else if let own = result.parts[part.path]?.settings,
      let theirs = result.parts[shared]?.settings, own != theirs
    {
      fault(
        "\(part.path) uses the weights of \(shared) with other settings", part, "with",
        suggestion: "write the same settings")
    }
  }

  /// Checks that every latent knows how large it is.
  mutating func checkLatents() {
    guard experiment.generator == nil || !misfits.contains("generator") else { return }
    for latent in experiment.latents {
      for port in result.parts[latent.path]?.provided ?? [] where port.kind == .latent {
        let isMap = port["height"] != nil && port["width"] != nil && port["channels"] != nil
        guard port["size"] == nil, !isMap, !isBlind else { continue }
        fault(
          "nothing says how large \(latent.path).\(port.name) is: it is \(port), and no part that "
            + "reads it asks for more", latent, nil,
          suggestion: "give \"size\" in the settings of \(latent.use)")
      }
    }
  }

  /// Checks that nothing one samples with reads what exists only in training.
  mutating func checkSampling() {
    guard let generator = experiment.generator else { return }
    for (name, bindings) in result.generations.sorted(by: { $0.key < $1.key }) {
      checkSampling(generator, bindings, "the generation \(name)")
    }
    for path in result.order {
      guard let part = result.parts[path], part.component.kind == .encoder,
        (try? part.component.samplingSources(part.settings))?.isEmpty ?? true,
        isSampled(path)
      else { continue }
      checkSampling(part.part, part.bindings, path)
    }
  }

  /// Whether a generation reads this part, directly or through others.
  private func isSampled(_ path: String) -> Bool {
    var reached: Set<String> = []
    var next = result.generations.values.flatMap { $0.values.map(\.source.node) }
    while let node = next.popLast() {
      guard reached.insert(node).inserted, let part = result.parts[node] else { continue }
      next += part.bindings.values.map(\.source.node)
    }
    return reached.contains(path)
  }

  private mutating func checkSampling(
    _ part: Experiment.Part, _ bindings: [String: Binding], _ what: String
  ) {
    for (name, binding) in bindings.sorted(by: { $0.key < $1.key }) where !binding.port.isOptional {
      guard let source = result.parts[binding.source.node],
        let stands = try? source.component.samplingSources(source.settings), !stands.isEmpty,
        stands[binding.source.port] ?? .absent == .absent
      else { continue }
      fault(
        "\(what) reads \(binding.source) for its input \(name), which \(source.part.use) makes only "
          + "in training: one could not sample", part, "inputs",
        suggestion: "bind \(name) to a latent or to an encoder that runs when sampling too")
    }
  }
}
