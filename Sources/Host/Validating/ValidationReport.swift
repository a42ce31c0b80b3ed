import PluginAPI

/// The results of a validation as a table and as JSON.
struct ValidationReport {
  let validation: Validation

  private var columns: [String] {
    allChecks.map { $0.name }.filter { name in
      name != DescribesQuickly.name
        && (validation.checks.isEmpty || validation.checks.contains(name))
    }
  }

  private var width: Int {
    validation.asked.map { validation.plugin.id.count + 1 + $0.name.count }.max() ?? 0
  }

  /// The checks' names over their columns.
  var header: String {
    ([String(repeating: " ", count: width)] + columns).joined(separator: "  ")
  }

  /// The line of one component.
  func row(_ results: [Validation.Result]) -> String {
    guard let id = results.first(where: { $0.kind != "plugin" })?.subject else { return "" }
    let marks = columns.map { name -> String in
      let result = results.first { $0.check == name && $0.kind != "plugin" }
      return pad(result.map { mark($0.answer) } ?? "·", to: name.count)
    }
    let line = ([pad(id, to: width)] + marks).joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// What is wrong, how to see it again, what was left out, and how many of each.
  func summary(_ results: [Validation.Result]) -> String {
    var lines: [String] = []
    for result in results {
      guard case .failed(let message) = result.answer else { continue }
      lines += ["", "\(result.subject) \(result.check): \(message)"]
      lines.append("  again: \(command(result))")
    }
    let skipped = Dictionary(
      grouping: results.compactMap { result -> (String, String)? in
        guard case .skipped(let reason) = result.answer else { return nil }
        return ("\(result.subject): \(reason)", result.check)
      }
    ) { $0.0 }
    if !skipped.isEmpty { lines += ["", "Left out"] }
    for (reason, checks) in skipped.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(reason) (\(checks.map(\.1).joined(separator: ", ")))")
    }
    let counts = counts(results)
    lines += [
      "",
      "\(validation.asked.count) component\(validation.asked.count == 1 ? "" : "s"), seed \(validation.seed): \(counts.passed) passed, "
        + "\(counts.failed) failed, \(counts.skipped) left out (–); · does not concern the kind",
    ]
    return lines.joined(separator: "\n")
  }

  /// For programs.
  func json(_ results: [Validation.Result]) -> JSONValue {
    let counts = counts(results)
    return [
      "plugin": JSONValue(validation.plugin.id), "path": JSONValue(validation.path),
      "seed": JSONValue(validation.seed), "passed": JSONValue(counts.passed),
      "failed": JSONValue(counts.failed), "skipped": JSONValue(counts.skipped),
      "results": JSONValue(
        results.map { result in
          let (outcome, message) = words(result.answer)
          return [
            "subject": JSONValue(result.subject), "kind": JSONValue(result.kind),
            "check": JSONValue(result.check), "outcome": JSONValue(outcome),
            "message": message.map { JSONValue($0) } ?? nil, "again": JSONValue(command(result)),
            "seconds": JSONValue((result.seconds * 1000).rounded() / 1000),
          ]
        }),
    ]
  }

  private func command(_ result: Validation.Result) -> String {
    let name = result.subject.split(separator: "/").last.map(String.init) ?? result.subject
    let settings = validation.settings[name].map { " --with '{\"\(name)\": \($0)}'" } ?? ""
    return "workbench plugin validate \(validation.path)"
      + (result.kind == "plugin" ? "" : " --component \(name)")
      + " --only \(result.check) --seed \(validation.seed)" + settings
  }

  private func counts(_ results: [Validation.Result]) -> (passed: Int, failed: Int, skipped: Int) {
    let words = results.map { self.words($0.answer).outcome }
    return (
      words.count { $0 == "passed" }, words.count { $0 == "failed" },
      words.count { $0 == "skipped" }
    )
  }

  private func mark(_ answer: CheckAnswer) -> String {
    switch words(answer).outcome {
    case "passed": "ok"
    case "failed": "FAIL"
    default: "–"
    }
  }

  private func words(_ answer: CheckAnswer) -> (outcome: String, message: String?) {
    switch answer {
    case .passed, .digest, .probes: ("passed", nil)
    case .failed(let message): ("failed", message)
    case .skipped(let reason): ("skipped", reason)
    }
  }

  private func pad(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
