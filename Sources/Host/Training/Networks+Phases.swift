import PluginAPI

extension Networks {
  /// Checks that there are weights wherever a phase of the experiment updates some.
  ///
  /// - Throws: `Diagnostics` naming every phase and path without.
  func checkPhases() throws {
    let experiment = resolution.experiment
    let phases = (experiment.stages.map(\.procedure) + [experiment.procedure]).flatMap(\.phases)
    let faults = phases.flatMap { phase in
      (phase.updates + (phase.clip?.of ?? [])).filter(isEmpty).map { path in
        Diagnostic(
          "the phase \(phase.name) names \"\(path)\", where there are no weights",
          path: phase.place, suggestion: suggestion(for: path))
      }
    }
    guard faults.isEmpty else { throw Diagnostics(faults) }
  }

  /// Whether a path holds no weights; a group of parts may be empty, because procedures that
  /// plugins ship name groups an experiment need not have.
  private func isEmpty(_ path: String) -> Bool {
    let groups = ["", "encoders", "discriminators", "perceptors"]
    return !groups.contains(path) && parameters(under: [path]).isEmpty
  }

  private func suggestion(for path: String) -> String? {
    let depth = path.split(separator: ".").count
    var known: [String] = []
    for (name, _) in parameters {
      let start = name.split(separator: ".").prefix(depth).joined(separator: ".")
      if known.last != start { known.append(start) }
    }
    let part = path.split(separator: ".").first.map(String.init) ?? path
    return NearestName.suggestion(for: path, among: known.filter { $0.isUnder(part) })
  }
}
