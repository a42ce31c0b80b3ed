import Foundation
import PluginAPI
import PoseGeometry

/// The key points of photographs: a text file of lines `name: [y, …]: [x, …]`, -1 where not seen.
struct AnnotationTable: Sendable {
  /// The names in the order of the lines.
  let names: [String]
  /// Poses by name.
  let poses: [String: Pose]

  /// Reads a file.
  ///
  /// - Throws: `DataError` naming file and line.
  init(contentsOf path: String) throws {
    var names: [String] = []
    var poses: [String: Pose] = [:]
    let lines = try TextLines(
      contentsOf: path, header: "name:keypoints_y:keypoints_x", what: "a table of key points")
    for (number, line) in lines.rows {
      let parts = line.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 3, let y = AnnotationTable.list(parts[1]),
        let x = AnnotationTable.list(parts[2]), y.count == Joint.allCases.count, x.count == y.count
      else {
        throw DataError(
          "\(path):\(number)", found: "\"\(line.prefix(60))\"",
          expected: "a name and two lists of 18 numbers, separated by colons",
          cure: "Download the table again.")
      }
      guard poses[parts[0]] == nil else {
        throw DataError(
          "\(path):\(number)", found: "a second line for \(parts[0])", expected: "one",
          cure: "Remove one of the two.")
      }
      names.append(parts[0])
      poses[parts[0]] = Pose(
        zip(x, y).map { x, y in x == -1 || y == -1 ? nil : Place(x, y) })
    }
    (self.names, self.poses) = (names, poses)
  }

  /// The numbers of `[1, 2, 3]`.
  private static func list(_ text: String) -> [Double]? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    let parts = text.dropFirst().dropLast().split(separator: ",")
    let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    return numbers.count == parts.count && numbers.allSatisfy { abs($0) <= 1_000_000 }
      ? numbers : nil
  }
}

/// The lines of a text file under its header.
struct TextLines {
  /// Numbers from 2, and texts; empty lines are left out.
  let rows: [(number: Int, text: String)]

  /// Reads a file.
  ///
  /// - Throws: `DataError` where it cannot be read or begins otherwise.
  init(contentsOf path: String, header: String, what: String) throws {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else {
      throw DataError(
        path, found: "no file that can be read", expected: what,
        cure: "Say where the data is with --set dataset.with.folder=PATH.")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let first = lines.first.map(String.init) ?? ""
    guard first.filter({ !$0.isWhitespace }) == header else {
      throw DataError(
        "\(path):1", found: "\"\(first.prefix(60))\"", expected: "\(what), headed \(header)",
        cure: "Download the table again.")
    }
    rows = lines.enumerated().dropFirst().filter { !$0.element.isEmpty }
      .map { ($0.offset + 1, String($0.element)) }
  }
}
