import Foundation
import PluginAPI
import PoseGeometry

/// One person in two photographs.
struct PersonPair: Sendable, Hashable {
  let source: String
  let target: String
}

/// The pairs of one split, its photographs and their key points.
struct PersonPairs: Sendable {
  /// Where the photographs are.
  let folder: String
  /// Key points of the photographs.
  let annotations: AnnotationTable
  /// The pairs.
  let pairs: [PersonPair]

  /// Finds pairs: those of the data set's own table, or, where there is none, all ordered pairs of
  /// photographs of one person.
  ///
  /// - Parameters:
  ///   - root: the data set's folder.
  ///   - prefix: what its files' names begin with.
  ///   - split: training, or what is called `test` there.
  ///   - limit: how many pairs are drawn from all, where there is no table; nil for all.
  /// - Throws: `DataError` naming a folder, or file and line.
  init(in root: String, prefix: String, split: Split, limit: Int?) throws {
    let name = split == .train ? "train" : "test"
    let top = try DataFolder(
      root, expected: "\(prefix)-dataset/ beside \(prefix)-annotation-\(name).csv",
      cure: "Say where the data is with --set dataset.with.folder=PATH.")
    let photographs = try DataFolder(
      "\(root)/\(prefix)-dataset/\(name)", expected: "the photographs",
      cure: "Unpack them there.")
    folder = photographs.path
    annotations = try AnnotationTable(contentsOf: "\(root)/\(prefix)-annotation-\(name).csv")
    let table = "\(prefix)-pairs-\(name).csv"
    pairs =
      try top.names().contains(table)
      ? PersonPairs.read("\(root)/\(table)", annotations)
      : PersonPairs.all(annotations, limit: limit)
    let there = Set(try photographs.names())
    let absent = Set(pairs.flatMap { [$0.source, $0.target] }).subtracting(there).sorted()
    if let first = absent.first {
      throw DataError(
        "\(folder)/\(first)",
        found: "no such file" + (absent.count > 1 ? ", nor \(absent.count - 1) others" : ""),
        expected: "every photograph of a pair", cure: "Was the archive unpacked completely?")
    }
  }

  private static func read(_ path: String, _ annotations: AnnotationTable) throws -> [PersonPair] {
    let lines = try TextLines(contentsOf: path, header: "from,to", what: "a table of pairs")
    return try lines.rows.map { number, line in
      let names = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      guard names.count == 2 else {
        throw DataError(
          "\(path):\(number)", found: "\"\(line.prefix(60))\"", expected: "two names",
          cure: "Download the table again.")
      }
      for name in names where annotations.poses[name]?.trunk == nil {
        throw DataError(
          "\(path):\(number)",
          found: annotations.poses[name] == nil
            ? "\(name), which has no key points" : "\(name), whose hips or shoulders are not seen",
          expected: "photographs with hips and shoulders among their key points",
          cure: "Remove the line, or take the tables that belong together.")
      }
      return PersonPair(source: names[0], target: names[1])
    }
  }

  /// All ordered pairs of photographs of one person, who is what a name says before its first `_`;
  /// strangers (-1 and 0000) and poses without hips or shoulders are left out.
  private static func all(_ annotations: AnnotationTable, limit: Int?) -> [PersonPair] {
    var persons: [String] = []
    var photographs: [String: [String]] = [:]
    for name in annotations.names {
      let isStranger = name.hasPrefix("-1") || name.hasPrefix("0000")
      guard !isStranger, annotations.poses[name]?.trunk != nil else { continue }
      let person = String(name.prefix { $0 != "_" })
      if photographs[person] == nil { persons.append(person) }
      photographs[person, default: []].append(name)
    }
    var pairs: [PersonPair] = []
    for person in persons {
      let names = photographs[person] ?? []
      for source in names {
        for target in names where target != source {
          pairs.append(PersonPair(source: source, target: target))
        }
      }
    }
    guard let limit, limit < pairs.count else { return pairs }
    var random = RandomStream(seed: 0, stream: "pairs")
    for place in 0..<limit { pairs.swapAt(place, place + random.below(pairs.count - place)) }
    return Array(pairs.prefix(limit))
  }
}
