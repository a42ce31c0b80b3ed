import PluginAPI

extension StepProfile {
  /// Tables for people.
  var text: String {
    let rate = Format.fixed(Double(imagesPerStep) / seconds, 1)
    let lines = [
      "\(experiment), stage \(stage): \(steps) steps of \(imagesPerStep) images, after "
        + "\(StepProfile.warmup) to warm up; \(threads) threads",
      "",
      "A step takes \(milliseconds(seconds)) ms (\(rate) images/s).",
      "Tensors need \(mebibytes(Double(peakBytes))) MiB at most, of which weights and what "
        + "optimizers keep are \(mebibytes(Double(lastingBytes))) MiB.",
      "The system was asked for \(systemAllocations) blocks of memory.",
    ]
    let rest = [("waiting for data", waiting), ("between ops", between)]
    return lines.joined(separator: "\n") + "\n\n"
      + table("component", components, rest) + "\n\n" + table("kind of op", kinds, rest)
  }

  private func table(
    _ title: String, _ costs: [(name: String, cost: Cost)], _ rest: [(String, Double)]
  ) -> String {
    var rows = [
      [title, "forward ms", "backward ms", "share", "calls", "MiB moved", "MiB alive at most"]
    ]
    rows += costs.map { name, cost in
      [
        name, milliseconds(cost.forward), milliseconds(cost.backward), share(cost.seconds),
        Format.fixed(cost.calls, 0), mebibytes(cost.bytes), mebibytes(Double(cost.peakBytes)),
      ]
    }
    rows += rest.map { [$0, milliseconds($1), "", share($1), "", "", ""] }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  private func share(_ part: Double) -> String { Format.fixed(100 * part / seconds, 1) + " %" }
  private func milliseconds(_ seconds: Double) -> String { Format.fixed(seconds * 1e3, 1) }
  private func mebibytes(_ bytes: Double) -> String { Format.fixed(bytes / 1_048_576, 0) }
}

extension StepProfile {
  /// The same for programs: seconds and bytes of a step.
  var json: JSONValue {
    [
      "experiment": JSONValue(experiment), "stage": JSONValue(stage), "steps": JSONValue(steps),
      "imagesPerStep": JSONValue(imagesPerStep), "threads": JSONValue(threads),
      "seconds": JSONValue(seconds), "stepSeconds": JSONValue(stepSeconds.map { JSONValue($0) }),
      "secondsWaiting": JSONValue(waiting),
      "secondsBetween": JSONValue(between), "peakBytes": JSONValue(peakBytes),
      "lastingBytes": JSONValue(lastingBytes), "systemAllocations": JSONValue(systemAllocations),
      "components": json(components), "kinds": json(kinds),
      "entries": json(
        costs { entry in
          let component = entry.component.isEmpty ? "training loop" : entry.component
          return "\(component), \(entry.kind.rawValue)"
        }),
    ]
  }

  private func json(_ costs: [(name: String, cost: Cost)]) -> JSONValue {
    JSONValue(
      costs.map { name, cost in
        [
          "name": JSONValue(name), "forwardSeconds": JSONValue(cost.forward),
          "backwardSeconds": JSONValue(cost.backward), "calls": JSONValue(cost.calls),
          "bytesMoved": JSONValue(cost.bytes), "peakBytes": JSONValue(cost.peakBytes),
        ] as JSONValue
      })
  }
}
