import PluginAPI

/// The plugin files that an experiment insists on: `"plugins": { "essentials": "9f86d081884c" }`.
struct PluginPins {
  /// What a file's SHA-256 must begin with, by plugin id.
  private(set) var hashes: [String: String] = [:]
  /// What is wrong with how they are written.
  private(set) var faults: [Diagnostic] = []
  private let value: JSONValue?

  /// Reads the pins of an experiment's tree.
  init(_ root: JSONValue) {
    value = root["plugins"]
    guard let value else { return }
    guard let members = value.members else {
      note(
        "found \(value.brief), expected an object of hashes by plugin", .wrongType, "plugins", value
      )
      return
    }
    for member in members {
      let hash = member.value.stringValue?.lowercased() ?? ""
      let isHash = (8...64).contains(hash.utf8.count) && hash.allSatisfy(\.isHexDigit)
      guard isHash else {
        note(
          "found \(member.value.brief), expected the first 8 to 64 digits of a SHA-256",
          member.value.stringValue == nil ? .wrongType : .outOfRange,
          JSONPath([.key("plugins"), .key(member.key)]), member.value,
          "`workbench why \(member.key)` prints it")
        continue
      }
      hashes[member.key] = hash
    }
  }

  /// Compares the pins with the files on the search path; a plugin's code is not loaded for that.
  mutating func compare(with catalog: PluginCatalog) {
    for (id, hash) in hashes.sorted(by: { $0.key < $1.key }) {
      let files = catalog.listings.filter { $0.summary?.id == id }.compactMap(\.file)
      guard let file = files.first else {
        note(
          "there is no plugin \"\(id)\"", .unknownID, JSONPath([.key("plugins"), .key(id)]),
          value?[id], NearestName.suggestion(for: id, among: catalog.paths.keys.sorted()))
        continue
      }
      if files.contains(where: { $0.hash.hasPrefix(hash) }) { continue }
      note(
        "the plugin is another file: found \(file.hash) in \(file.path), expected \(hash)",
        .outOfRange, JSONPath([.key("plugins"), .key(id)]), value?[id],
        "restore that file, or change the hash")
    }
  }

  private mutating func note(
    _ message: String, _ kind: Diagnostic.Kind, _ path: JSONPath, _ value: JSONValue?,
    _ suggestion: String? = nil
  ) {
    faults.append(
      Diagnostic(message, kind: kind, path: path, at: value?.position, suggestion: suggestion))
  }
}
