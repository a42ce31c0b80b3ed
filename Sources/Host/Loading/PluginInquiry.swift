import Foundation

/// Why a plugin is used or not: its files, what was found out about them, and where was looked.
///
/// Asking runs no plugin's code in this process, and none at all where the verdict is remembered.
struct PluginInquiry {
  /// What was asked for: a plugin's id, a component's, or a file.
  let id: String
  /// The files that offer it, or that stand in its way.
  let files: [PluginCatalog.Listing]
  /// Whether a component of a plugin was asked for, neither the plugin nor a file.
  private let isComponent: Bool
  private let catalog: PluginCatalog

  /// Looks for `id` among what the catalog lists.
  init(_ id: String, in catalog: PluginCatalog) {
    self.id = id
    self.catalog = catalog
    let plugin = id.split(separator: "/").first.map(String.init) ?? id
    let path = URL(filePath: id).resolvingSymlinksInPath().path
    let named = catalog.listings.filter { $0.path == path || $0.summary?.id == plugin }
    // A file that could not be described has only its name to be known by.
    let alike = catalog.listings.filter {
      $0.summary == nil && Self.bare($0.path) == Self.bare(plugin)
    }
    isComponent = id.contains("/") && !catalog.listings.contains { $0.path == path }
    files = named + alike.filter { listing in !named.contains { $0.path == listing.path } }
  }

  /// How it stands.
  enum State: String {
    case used, refused, duplicate, unknown
  }

  /// How it stands.
  var state: State {
    let described = files.compactMap(\.summary)
    if described.isEmpty { return files.isEmpty ? .unknown : .refused }
    if described.count > 1 { return .duplicate }
    return isOffered(by: described[0]) ? .used : .unknown
  }

  /// Whether the plugin has the component that was asked for, if it was one.
  private func isOffered(by plugin: PluginSummary) -> Bool {
    !isComponent || offers(of: plugin).contains(id)
  }

  private func offers(of plugin: PluginSummary) -> [String] {
    plugin.components.map { "\(plugin.id)/\($0.name)" }
      + (plugin.procedures + plugin.tables).map { "\(plugin.id)/\($0)" }
  }

  /// `libMyGenerator.so` and `my-generator` become the same.
  private static func bare(_ name: String) -> String {
    let file = URL(filePath: name).deletingPathExtension().lastPathComponent
    let stem = file.hasPrefix("lib") ? String(file.dropFirst(3)) : file
    return stem.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  // MARK: - For people

  /// The answer in words.
  var text: String {
    var lines = ["\(id): \(sentence)"]
    for file in files { lines += [""] + describe(file) }
    lines += ["", "Plugins are looked for in"]
    let counts = folders
    let width = counts.map(\.folder.count).max() ?? 0
    for (folder, remark) in counts {
      lines.append("  \(folder)\(String(repeating: " ", count: width - folder.count))  \(remark)")
    }
    lines.append("What is found out about them is remembered in \(catalog.cache.path)")
    return lines.joined(separator: "\n")
  }

  private var sentence: String {
    switch state {
    case .used: return "it can be used"
    case .duplicate: return "several files offer it, so none is used; remove all but one"
    case .refused: return "it cannot be used"
    case .unknown:
      let known =
        files.compactMap(\.summary).first.map(offers)
        ?? catalog.paths.keys.sorted()
      let nearest = NearestName.suggestion(for: id, among: known) ?? "no plugin can be used"
      let owner = files.first?.summary.map { "the plugin \($0.id) has no such component" }
      return "\(owner ?? "no file offers it"); \(nearest)"
    }
  }

  private func describe(_ listing: PluginCatalog.Listing) -> [String] {
    var lines: [String]
    switch listing.verdict {
    case .described(let plugin):
      lines = [
        listing.path,
        "  plugin    \(plugin.id) \(plugin.version): \(plugin.summary)",
        "  offers    \(offer(of: plugin))",
      ]
    case .refused(let error):
      lines = "\(error)".split(separator: "\n").map(String.init)
    }
    if let file = listing.file { lines.append("  sha256    \(file.hash)") }
    let lasts = "until the file, the core or the compiler changes"
    lines.append(
      listing.isRemembered
        ? "  tried     by an earlier command; remembered \(lasts)"
        : listing.file == nil || !isKept(listing.verdict)
          ? "  tried     now; nothing is remembered, so it is tried again each time"
          : "  tried     now; remembered \(lasts)")
    return lines
  }

  private func isKept(_ verdict: PluginVerdict) -> Bool {
    if case .refused(let error) = verdict { error.fault == .died } else { true }
  }

  private func offer(of plugin: PluginSummary) -> String {
    if let component = plugin.components.first(where: { "\(plugin.id)/\($0.name)" == id }) {
      return "\(id), \(component.kind): \(component.summary)"
    }
    let counts = [
      (plugin.components.count, "component"), (plugin.procedures.count, "procedure"),
      (plugin.tables.count, "table"),
    ]
    return counts.filter { $0.0 > 0 }.map { "\($0) \($1)\($0 == 1 ? "" : "s")" }
      .joined(separator: " and ") + "; `workbench list` names them"
  }

  private var folders: [(folder: String, remark: String)] {
    catalog.search.folders.map { folder in
      let count = catalog.listings.filter {
        $0.summary != nil && URL(filePath: $0.path).deletingLastPathComponent().path == folder
      }.count
      let isThere = FileManager.default.fileExists(atPath: folder)
      return (folder, isThere ? "\(count) usable" : "no such folder")
    }
  }

  // MARK: - For programs

  /// The answer as JSON.
  var json: JSONValue {
    [
      "id": JSONValue(id), "state": JSONValue(state.rawValue),
      "files": JSONValue(files.map(\.json)),
      "searched": JSONValue(
        catalog.search.folders.map { folder in
          [
            "folder": JSONValue(folder),
            "exists": JSONValue(FileManager.default.fileExists(atPath: folder)),
          ]
        }),
      "cache": JSONValue(catalog.cache.path),
    ]
  }
}

extension PluginCatalog.Listing {
  /// The file and the verdict on it, for programs.
  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("path", JSONValue(path))]
    if let file { members.append(.init("sha256", JSONValue(file.hash))) }
    members.append(.init("isRemembered", JSONValue(isRemembered)))
    switch verdict {
    case .described(let plugin): members += plugin.json().members ?? []
    case .refused(let error): members += error.json.members ?? []
    }
    return JSONValue(.object(members))
  }
}

extension PluginSummary {
  /// What the plugin says of itself, for programs; its components of one kind, or all.
  func json(only kind: String? = nil) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("id", JSONValue(id)), .init("version", JSONValue(version)),
      .init("summary", JSONValue(summary)),
    ]
    if let paper { members.append(.init("paper", JSONValue(paper))) }
    let offered = components.filter { kind == nil || $0.kind == kind }.map { component in
      [
        "id": JSONValue("\(id)/\(component.name)"), "kind": JSONValue(component.kind),
        "summary": JSONValue(component.summary),
      ] as JSONValue
    }
    members.append(.init("components", JSONValue(offered)))
    if kind == nil || kind == "procedure" {
      let ids = procedures.map { JSONValue("\(id)/\($0)") }
      members.append(.init("procedures", JSONValue(ids)))
    }
    if kind == nil || kind == "table" {
      members.append(.init("tables", JSONValue(tables.map { JSONValue("\(id)/\($0)") })))
    }
    return JSONValue(.object(members))
  }
}

extension PluginError {
  /// What is wrong and the cure, for programs.
  var json: JSONValue {
    [
      "subject": JSONValue(subject), "fault": JSONValue(fault.rawValue),
      "problem": JSONValue(fault.problem), "found": JSONValue(found),
      "expected": JSONValue(expected), "cure": JSONValue(fault.cure),
    ]
  }
}
