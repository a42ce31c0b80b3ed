import PluginAPI

/// What an experiment resolved to, for people: parts, settings that differ, bindings, phases.
struct ResolutionTable {
  let resolution: Resolution

  /// Prepares the table.
  init(_ resolution: Resolution) { self.resolution = resolution }

  /// The table as text: a line a part, below it what its ports are bound to.
  var text: String {
    let parts = resolution.order.compactMap { resolution.parts[$0] }
    let phases = phases
    let names = parts.map(\.path) + phases.map(\.name)
    let ids = parts.map(\.part.use) + phases.map(\.phase.optimizer)
    let (first, second) = (names.map(\.count).max() ?? 0, ids.map(\.count).max() ?? 0)
    let line = { (name: String, id: String, text: String) in
      let start = pad(name, first) + "  " + (text.isEmpty ? id : pad(id, second) + "  " + text)
      return start
    }
    let partLines = parts.flatMap {
      [line($0.path, $0.part.use, settings($0))] + bindings($0) + remarks($0) + untrained($0)
    }
    let phaseLines = phases.map { line($0.name, $0.phase.optimizer, words($0.phase)) }
    return (partLines + phaseLines).joined(separator: "\n")
  }

  /// The phases of every stage, the adversarial one last, with the names they are shown by.
  private var phases: [(name: String, phase: Phase)] {
    let stages = resolution.experiment.stages.flatMap { stage in
      stage.procedure.phases.map { ("stage \(stage.name), phase \($0.name)", $0) }
    }
    return stages + resolution.experiment.procedure.phases.map { ("phase \($0.name)", $0) }
  }

  private func settings(_ part: ResolvedPart) -> String {
    part.component.hyperparameters.compactMap { declared in
      part.settings[declared.name].map { "\(declared.name) \($0.text)" }
    }.joined(separator: ", ")
  }

  private func bindings(_ part: ResolvedPart) -> [String] {
    let judged = part.judged.sorted { $0.key < $1.key }.flatMap {
      $0.value.sorted { $0.key < $1.key }
    }
    var lines = (part.bindings.sorted { $0.key < $1.key } + judged).map { name, binding in
      let via = binding.adapters.map { " via \($0.id)" }.joined()
      return "    \(name) ← \(binding.source)\(via)  \(binding.port)"
    }
    if let real = resolution.judgedImages[part.path]?.real {
      let via = real.adapters.map { " via \($0.id)" }.joined()
      lines.append("    real image ← \(real.source)\(via)  \(real.port)")
    }
    return lines
  }

  /// What the component has to say of settings that work.
  private func remarks(_ part: ResolvedPart) -> [String] {
    // Settings of a resolved part have been read before, so nothing is lost.
    ((try? part.component.remarks(part.settings)) ?? []).map { "    note: \($0)" }
  }

  /// Warnings of feature networks, the part's own, that nothing teaches anything.
  private func untrained(_ part: ResolvedPart) -> [String] {
    resolution.perceptors(of: part.path)
      .filter { $0.isUntrained && $0.path.isUnder(part.path) }
      .map { network in
        let name = network.path == part.path ? "it is" : "\(network.use) in \(network.path) is"
        // One that looks through another has random weights of its own, but not random features.
        let looksOn = resolution.perceptors(of: network.path).count > 1
        return "    \(name) untrained: no \"weights\" are given and no phase updates it"
          + (looksOn ? "" : ", so its features are random")
      }
  }

  private func words(_ phase: Phase) -> String {
    let losses =
      switch phase.losses {
      case .side(let side): "the \(side.rawValue)'s losses"
      case .named(let names, _): names.joined(separator: " + ")
      }
    var words = "updates \(phase.updates.joined(separator: ", ")) by \(losses), "
    words += phase.batch == .new ? "another batch, " : "the same batch, "
    words +=
      phase.generation == .reuse
      ? "images that are there"
      : phase.fresh.isEmpty ? "new images" : "new images of \(phase.fresh.joined(separator: ", "))"
    if phase.step == .later { words += ", steps with the next phase of its optimizer" }
    if phase.every != .steps(1) { words += ", every \(phase.every.setting.text)" }
    return words
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
