import PluginAPI

/// What an experiment resolved to, for people: parts, settings that differ, bindings, phases.
struct ResolutionTable {
  let resolution: Resolution

  /// Prepares the table.
  init(_ resolution: Resolution) { self.resolution = resolution }

  /// The table as text.
  var text: String {
    var rows: [(String, String, String)] = []
    for path in resolution.order {
      guard let part = resolution.parts[path] else { continue }
      rows.append((path, part.part.use, settings(part)))
      for line in bindings(part) { rows.append(("", "", line)) }
    }
    for phase in resolution.experiment.procedure.phases {
      rows.append(("phase \(phase.name)", phase.optimizer, words(phase)))
    }
    let first = rows.map(\.0.count).max() ?? 0
    let second = rows.map(\.1.count).max() ?? 0
    return rows.map { row in
      pad(row.0, first) + "  " + pad(row.1, second) + "  " + row.2
    }.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
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
      return "  \(name) ← \(binding.source)\(via)  \(binding.port)"
    }
    if let real = resolution.judgedImages[part.path]?.real {
      let via = real.adapters.map { " via \($0.id)" }.joined()
      lines.append("  image ← \(real.source)\(via)  \(real.port)")
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
