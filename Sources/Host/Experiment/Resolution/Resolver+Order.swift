import PluginAPI

extension Resolver {
  /// A part that generator and losses build on.
  struct Support {
    let part: Experiment.Part
    let kind: ComponentKind
  }

  /// Latents, perceptors and encoders, each after the parts it names in inputs, slots and `shares`;
  /// those that look at generated images apart.
  mutating func supports() -> (early: [Support], late: [Support]) {
    var waiting =
      experiment.perceptors.map { Support(part: $0, kind: .perceptor) }
      + experiment.latents.map { Support(part: $0, kind: .latent) }
      + experiment.encoders.map { Support(part: $0, kind: .encoder) }
    var late = Set(experiment.generations.map(\.name))
    let generations = late
    var ordered: [Support] = []
    while !waiting.isEmpty {
      let paths = Set(waiting.map(\.part.path))
      let ready = waiting.firstIndex { support in
        named(by: support.part).isDisjoint(with: paths.subtracting([support.part.path]))
      }
      if ready == nil {
        fault(
          "\(waiting.map(\.part.path).joined(separator: ", ")) wait for each other",
          waiting[0].part, nil, suggestion: "take one of them out of the inputs of another")
        isBlind = true
      }
      let support = waiting.remove(at: ready ?? 0)
      if !named(by: support.part).isDisjoint(with: late) || wantsGenerated(support.part) {
        late.insert(support.part.path)
      }
      ordered.append(support)
    }
    late.subtract(generations)
    return (
      ordered.filter { !late.contains($0.part.path) },
      ordered.filter { late.contains($0.part.path) }
    )
  }

  /// The parts and generations a part names.
  private func named(by part: Experiment.Part) -> Set<String> {
    var names = Set(part.inputs.values.compactMap { Address($0)?.node })
    if let shared = part.shares { names.insert(shared) }
    if let component = catalog.components[part.use],
      let settings = try? component.completed(part.with)
    {
      names.formUnion(catalog.sharedParts(component, settings))
    }
    return names
  }

  private func wantsGenerated(_ part: Experiment.Part) -> Bool {
    guard let component = catalog.components[part.use],
      let ports = try? component.consumes(part.with, in: context([:]))
    else { return false }
    return ports.contains { $0.role == .generated && part.inputs[$0.name] == nil }
  }
}

extension Catalog {
  /// The parts of the experiment that slots of a component name, however deep.
  func sharedParts(_ component: ComponentDescription, _ settings: Setting) -> Set<String> {
    var result: Set<String> = []
    for slot in component.hyperparameters where slot.slot != nil {
      guard let value = settings[slot.name], value != .null,
        let reference = try? ComponentReference(setting: value)
      else { continue }
      if reference.isShared {
        result.insert(reference.use)
      } else if let filled = components[reference.use],
        let completed = try? filled.completed(reference.with)
      {
        result.formUnion(sharedParts(filled, completed))
      }
    }
    return result
  }
}
