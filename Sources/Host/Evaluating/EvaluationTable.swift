import Foundation

/// What was measured of a run, in words.
struct EvaluationTable {
  let name: String
  let result: JSONValue

  /// A column: its title, and what is in it.
  private struct Cell {
    let title: String
    let text: String
  }

  /// Every figure in a line of its own, and every network that one was seen through.
  var lines: String {
    let figures = self.figures.map { figure in
      let seen = figure.networks.map(\.path).joined(separator: ", ")
      return Cell(
        title: figure.name,
        text: "\(EvaluationTable.text(figure.value)) (\(figure.samples) samples"
          + (seen.isEmpty ? ")" : ", through \(seen))"))
    }
    let rows =
      figures + [
        Cell(title: "images/s", text: "\(imagesPerSecond) (one at a time)"),
        Cell(title: "parameters", text: "\(millions) M (generator and encoders)"),
      ] + networks.map { Cell(title: $0.path, text: $0.words) }
    let width = rows.map(\.title.count).max() ?? 0
    return rows.map { "\($0.title.padded(to: width))  \($0.text)" }.joined(separator: "\n")
  }

  /// One row with a column each, aligned, and the same as Markdown; below them the networks that
  /// figures were seen through, and columns that are empty.
  func row(_ request: TableRequest) -> String {
    let columns = request.columns
    let cells =
      [Cell(title: "model", text: name)]
      + columns.map { Cell(title: $0.title, text: text(of: $0) ?? "–") }
    let widths = cells.map { max($0.title.count, $0.text.count) }
    func line(_ texts: [String]) -> String {
      zip(texts, widths).map { $0.padded(to: $1) }.joined(separator: "  ").trimmedAtEnd
    }
    func markdown(_ texts: [String]) -> String { "| \(texts.joined(separator: " | ")) |" }
    let rows = [
      line(cells.map(\.title)), line(cells.map(\.text)), "", markdown(cells.map(\.title)),
      markdown(cells.map { _ in "---" }), markdown(cells.map(\.text)),
    ]
    let notes = networks.compactMap { network -> String? in
      let titles = columns.filter { figure(of: $0)?.networks.contains(network) ?? false }
        .map(\.title)
      guard !titles.isEmpty else { return nil }
      return "\(titles.joined(separator: ", ")) through \(network.path), \(network.words)"
    }
    let empty = columns.filter { text(of: $0) == nil }.map { column in
      "\(column.title) was not measured"
        + (request.table(with: column).map { "; --table \($0) measures it" } ?? "")
    }
    let below = notes + empty
    return (rows + (below.isEmpty ? [] : [""]) + below).joined(separator: "\n")
  }

  // MARK: - What the record says

  private struct Figure {
    let name: String
    let value: Double
    let samples: Int
    let networks: [Network]
  }

  private struct Network: Equatable {
    let path: String
    let words: String
  }

  private var figures: [Figure] {
    (result["figures"]?.arrayValue ?? []).compactMap { figure in
      guard let name = figure["name"]?.stringValue else { return nil }
      let networks = (figure["networks"]?.arrayValue ?? []).map { network in
        let words = ["use", "hash"].map { network[$0]?.stringValue ?? "" }
        let isTrained = network["isTrained"]?.boolValue ?? true
        return Network(
          path: network["path"]?.stringValue ?? "",
          words: "\(words[0]), weights \(words[1])"
            + (isTrained ? "" : " (as drawn: none were given)"))
      }
      return Figure(
        name: name, value: figure["value"]?.doubleValue ?? .nan,
        samples: figure["samples"]?.intValue ?? 0, networks: networks)
    }
  }

  /// The networks that figures were seen through, each once.
  private var networks: [Network] {
    figures.flatMap(\.networks).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func figure(of column: TableRequest.Column) -> Figure? {
    let figures = self.figures
    return column.place(among: figures.map(\.name)).map { figures[$0] }
  }

  /// What belongs under a title; nil where nothing does.
  private func text(of column: TableRequest.Column) -> String? {
    switch column.figure {
    case "imagesPerSecond": imagesPerSecond
    case "parameters": millions
    default: figure(of: column).map { EvaluationTable.text($0.value) }
    }
  }

  private var imagesPerSecond: String {
    Format.fixed(result["imagesPerSecond"]?.doubleValue ?? 0, 1)
  }

  /// Millions of parameters, cut, not rounded, as tables of models print them.
  private var millions: String {
    let tenths = (result["parameters"]?.intValue ?? 0) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func text(_ value: Double) -> String { String(format: "%.4g", value) }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
