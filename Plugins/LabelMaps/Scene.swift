import Foundation
import PluginAPI

/// The files of one sample.
struct Scene: Sendable {
  let photograph: String
  let labels: String
  let instances: String?
}

/// Files that belong to samples of one kind, by what their names have in common.
struct SceneFiles {
  /// What they are, for messages: "photograph", "label map".
  let kind: String
  /// Where they were looked for.
  let place: String
  /// Paths by key.
  private(set) var paths: [String: String] = [:]
  /// Keys in the order of the files.
  private(set) var keys: [String] = []

  /// Collects files.
  ///
  /// - Parameters:
  ///   - kind: what they are.
  ///   - place: the folder, for messages and in front of each name.
  ///   - names: the files in it.
  ///   - endings: what names of this kind end with.
  ///   - key: what a name has in common with the others of its sample; the name without its ending
  ///     by default.
  /// - Throws: `DataError` where two files have one key, or there are none.
  init(
    _ kind: String, in place: String, among names: [String], endings: [String],
    key: (String) -> String = SceneFiles.stem
  ) throws {
    (self.kind, self.place) = (kind, place)
    for name in names where endings.contains(where: { name.lowercased().hasSuffix($0) }) {
      let key = key(name)
      if let other = paths[key] {
        throw DataError(
          "\(place)/\(name)", found: "a second \(kind) of \(key) beside \(other)",
          expected: "one", cure: "Remove one of the two.")
      }
      paths[key] = "\(place)/\(name)"
      keys.append(key)
    }
    guard !keys.isEmpty else {
      throw DataError(
        place, found: "no \(kind)",
        expected: "files whose names end in "
          + endings.joined(separator: " or "), cure: "Was the archive unpacked completely?")
    }
  }

  /// A name without folders and without what follows the last dot.
  static func stem(_ name: String) -> String {
    ((name as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  /// Endings of photographs.
  static let pictures = [".jpg", ".jpeg", ".png"]

  /// - Throws: `DataError` where a file of `other` has none here of the same key.
  private func cover(_ other: SceneFiles) throws {
    let alone = other.keys.filter { paths[$0] == nil }
    guard let first = alone.first, let path = other.paths[first] else { return }
    var more = ""
    if alone.count > 1 {
      let names = alone.dropFirst().prefix(10).joined(separator: ", ")
      more =
        " The same is so of \(names)"
        + (alone.count > 11 ? " and \(alone.count - 11) more." : ".")
    }
    throw DataError(
      path, found: "no \(kind) of \(first) in \(place)",
      expected: "one for each \(other.kind)",
      cure: "Add it, or remove this file." + more)
  }

  /// Puts files together, in the order of the photographs.
  ///
  /// - Throws: `DataError` naming a file without its counterpart, and which others lack theirs.
  static func scenes(
    _ photographs: SceneFiles, _ labels: SceneFiles, _ instances: SceneFiles?
  ) throws -> [Scene] {
    try labels.cover(photographs)
    try photographs.cover(labels)
    try instances?.cover(photographs)
    return photographs.keys.compactMap { key in
      guard let photograph = photographs.paths[key], let map = labels.paths[key] else { return nil }
      return Scene(photograph: photograph, labels: map, instances: instances?.paths[key])
    }
  }
}
