import Foundation
import PluginAPI

/// What `--table` asks for: a table that a plugin ships, or columns by their titles.
struct TableRequest {
  /// A column: its title, and the figure that belongs below it.
  struct Column: Equatable {
    let title: String
    let figure: String

    /// The figure among those of these names: the very one, else the first that begins so, else
    /// the first that begins as the title does; in any case.
    func place(among names: [String]) -> Int? {
      let names = names.map { $0.lowercased() }
      let (figure, title) = (figure.lowercased(), title.lowercased())
      return names.firstIndex(of: figure) ?? names.firstIndex { $0.hasPrefix(figure) }
        ?? names.firstIndex { $0.hasPrefix(title) }
    }
  }

  /// The table; nil where titles were given.
  private(set) var table: TableDescription?
  /// The columns from left to right.
  private(set) var columns: [Column]
  private let tables: [(id: String, table: TableDescription)]

  /// What every row has, whatever was measured.
  static let ofEveryRun = [
    Column(title: "FPS", figure: "imagesPerSecond"), Column(title: "#M", figure: "parameters"),
  ]

  /// Reads the id of a table, that of a plugin, which means its first table, or titles.
  ///
  /// - Throws: `ConfigurationError` for an id that no table has.
  init(_ text: String, in catalog: Catalog) throws {
    tables = catalog.tables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    table = catalog.tables[text] ?? catalog.plugins.first { $0.id == text }?.tables.first
    columns = (table?.columns ?? []).map { Column(title: $0.title, figure: $0.figure) }
    guard table == nil else { return }
    // Names of figures have a slash only in brackets: fid(perceptors/alexnet).
    if text.contains("/"), !text.contains("(") {
      throw ConfigurationError("there is no table \"\(text)\"\(list(tables.map(\.id), near: text))")
    }
    let known = self.known
    columns = text.split(separator: ",").map { part in
      let title = part.trimmingCharacters(in: .whitespaces)
      let figure = known.first { $0.title.lowercased() == title.lowercased() }?.figure
      return Column(title: title, figure: figure ?? title)
    }
  }

  /// Checks that every column asked for is one that a figure or a table has.
  ///
  /// - Parameter names: of the figures that are measured.
  /// - Throws: `ConfigurationError` that lists what there is, the nearest first.
  func check(_ names: [String]) throws {
    for column in columns where column.place(among: names) == nil {
      if table != nil || known.contains(where: { $0.figure == column.figure }) { continue }
      let title = column.title
      var titles: Set<String> = []
      let there = (known.map(\.title) + names).filter { titles.insert($0).inserted }
      throw ConfigurationError(
        "no figure begins with \"\(title)\"\(list(there, near: title))"
          + (tables.isEmpty ? "" : "; tables are \(ordered(tables.map(\.id), near: title))"))
    }
  }

  /// The id of a table with this column.
  func table(with column: Column) -> String? {
    tables.first { $0.table.columns.contains { $0.figure == column.figure } }?.id
  }

  /// The columns of all tables.
  private var known: [Column] {
    TableRequest.ofEveryRun
      + tables.flatMap(\.table.columns).map { Column(title: $0.title, figure: $0.figure) }
  }

  private func list(_ names: [String], near name: String) -> String {
    names.isEmpty ? "; no plugin ships one" : "; there are \(ordered(names, near: name))"
  }

  private func ordered(_ names: [String], near name: String) -> String {
    let distances = names.map { NearestName.distance($0.lowercased(), name.lowercased()) }
    return zip(names, distances).sorted { $0.1 < $1.1 }.map(\.0).joined(separator: ", ")
  }
}
