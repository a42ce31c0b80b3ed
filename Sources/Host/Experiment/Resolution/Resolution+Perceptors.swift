import PluginAPI

extension Resolution {
  /// A feature network that something looks through.
  struct LookedThrough: Equatable {
    /// The path of the perceptor, or that of the part whose slot holds it and the slot's name.
    let path: String
    /// Its id.
    let use: String
    /// Whether no weights are loaded into it and no phase of any stage updates it.
    let isUntrained: Bool
  }

  /// The feature networks of a part: itself, those in its slots, and those that these look through.
  func perceptors(of path: String) -> [LookedThrough] {
    guard let part = parts[path] else { return [] }
    let own = part.component.kind == .perceptor
    let isUntrained = isUntrained(path)
    let itself = LookedThrough(path: path, use: part.part.use, isUntrained: isUntrained)
    return (own ? [itself] : [])
      + perceptors(in: part.component, part.settings, of: path, isUntrained)
  }

  private func perceptors(
    in component: ComponentDescription, _ settings: Setting, of owner: String, _ isUntrained: Bool
  ) -> [LookedThrough] {
    component.hyperparameters.filter { $0.slot != nil }.flatMap { slot -> [LookedThrough] in
      guard let value = settings[slot.name], value != .null,
        let reference = try? ComponentReference(setting: value)
      else { return [] }
      if reference.isShared { return perceptors(of: reference.use) }
      guard let filled = catalog.components[reference.use],
        let completed = try? filled.completed(reference.with)
      else { return [] }
      let path = "\(owner).\(slot.name)"
      let itself = LookedThrough(path: path, use: reference.use, isUntrained: isUntrained)
      return (filled.kind == .perceptor ? [itself] : [])
        + perceptors(in: filled, completed, of: path, isUntrained)
    }
  }

  /// Whether a part stays as it was drawn.
  private func isUntrained(_ path: String) -> Bool {
    guard parts[path]?.part.weights == nil else { return false }
    return !experiment.allStages.flatMap(\.procedure.phases).contains { phase in
      phase.updates.contains { path.isUnder($0) || $0.isUnder(path) }
    }
  }
}
