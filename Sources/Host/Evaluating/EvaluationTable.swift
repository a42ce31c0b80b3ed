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

  /// Every figure in a line of its own.
  var lines: String {
    let figures = (result["figures"]?.arrayValue ?? []).compactMap { figure -> Cell? in
      guard let name = figure["name"]?.stringValue, let value = figure["value"]?.doubleValue
      else { return nil }
      let samples = figure["samples"]?.intValue ?? 0
      return Cell(title: name, text: "\(EvaluationTable.text(value)) (\(samples) samples)")
    }
    let perceptors = (result["perceptors"]?.arrayValue ?? []).map { perceptor in
      Cell(
        title: perceptor["path"]?.stringValue ?? "",
        text: "\(perceptor["use"]?.stringValue ?? ""), weights "
          + "\(perceptor["hash"]?.stringValue ?? "")")
    }
    let rows =
      figures + [
        Cell(title: "images/s", text: "\(value("fps")) (one at a time)"),
        Cell(title: "parameters", text: "\(value("#M")) M (generator and encoders)"),
      ] + perceptors
    let width = rows.map(\.title.count).max() ?? 0
    return rows.map { "\($0.title.padded(to: width))  \($0.text)" }.joined(separator: "\n")
  }

  /// One row with a column each, aligned, and the same as Markdown.
  ///
  /// - Parameter columns: titles: the beginning of a figure's name in any case, `FPS` or `#M`.
  /// - Returns: both tables, an empty line between.
  func row(_ columns: [String]) -> String {
    let cells =
      [Cell(title: "model", text: name)] + columns.map { Cell(title: $0, text: value($0)) }
    let widths = cells.map { max($0.title.count, $0.text.count) }
    func line(_ texts: [String]) -> String {
      zip(texts, widths).map { $0.padded(to: $1) }.joined(separator: "  ").trimmedAtEnd
    }
    func markdown(_ texts: [String]) -> String { "| \(texts.joined(separator: " | ")) |" }
    return [
      line(cells.map(\.title)), line(cells.map(\.text)), "", markdown(cells.map(\.title)),
      markdown(cells.map { _ in "---" }), markdown(cells.map(\.text)),
    ].joined(separator: "\n")
  }

  /// What belongs under a title; a dash where nothing does.
  private func value(_ title: String) -> String {
    switch title.lowercased() {
    case "fps": return Format.fixed(result["imagesPerSecond"]?.doubleValue ?? 0, 1)
    case "#m":
      // Cut, not rounded, as tables of models print it.
      let tenths = (result["parameters"]?.intValue ?? 0) / 100_000
      return "\(tenths / 10).\(tenths % 10)"
    default: return figure(title.lowercased()).map(EvaluationTable.text) ?? "–"
    }
  }

  private static func text(_ value: Double) -> String { String(format: "%.4g", value) }

  /// The first figure whose name begins so.
  private func figure(_ title: String) -> Double? {
    for figure in result["figures"]?.arrayValue ?? [] {
      guard let name = figure["name"]?.stringValue?.lowercased() else { continue }
      if name.hasPrefix(title) { return figure["value"]?.doubleValue }
    }
    return nil
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
