import PluginAPI

/// What an experiment resolved to, for people: parts, settings that differ, bindings, phases.
struct ResolutionTable {
  let resolution: Resolution

  /// Prepares the table.
  init(_ resolution: Resolution) { self.resolution = resolution }

  /// The table as text: a line a part, below it what its ports are bound to.
  var text: String {
    let parts = resolution.order.compactMap { resolution.parts[$0] }
    let phases = resolution.experiment.procedure.phases
    let names = parts.map(\.path) + phases.map { "phase \($0.name)" }
    let ids = parts.map(\.part.use) + phases.map(\.optimizer)
    let (first, second) = (names.map(\.count).max() ?? 0, ids.map(\.count).max() ?? 0)
    let line = { (name: String, id: String, text: String) in
      let start = pad(name, first) + "  " + (text.isEmpty ? id : pad(id, second) + "  " + text)
      return start
    }
    let partLines = parts.flatMap { [line($0.path, $0.part.use, settings($0))] + bindings($0) }
    let phaseLines = phases.map { line("phase \($0.name)", $0.optimizer, words($0)) }
    return (partLines + phaseLines).joined(separator: "\n")
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
      lines.append("    image ← \(real.source)\(via)  \(real.port)")
    }
    return lines
  }

  private func words(_ phase: Phase) -> String {
    let losses =
      switch phase.losses {
      case .side(let side): "the \(side.rawValue)'s losses"
      case .named(let names, _): names.joined(separator: " + ")
      }
    return "updates \(phase.updates.joined(separator: ", ")) by \(losses), "
      + "\(phase.batch.rawValue) batch, \(phase.generation.rawValue) images"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
