import Foundation

/// An experiment file, joined with those it extends and changed by `--set`.
///
/// What could be read is there even where something is wrong, so that the faults of what is left
/// can be shown together with those of the text.
struct ExperimentFile {
  /// The tree, without `extends`; `nil` where nothing could be read.
  private(set) var root: JSONValue?
  /// The faults of the texts, of the chain and of the changes.
  private(set) var faults: [Diagnostic] = []

  /// Reads a file and those it extends.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - overrides: changes to the joined tree, `path=value`.
  ///   - change: what is done to the joined tree before.
  /// - Throws: `FileError` where the file itself cannot be read.
  init(
    _ path: String, overrides: [String] = [], changing change: (JSONValue) -> JSONValue = { $0 }
  ) throws(FileError) {
    var files = [try ExperimentFile.read(path)]
    faults = files[0].faults
    while let last = files.last, let next = base(of: last, after: files) {
      faults += next.faults
      files.append(next)
    }
    root = files.reversed().reduce(nil) { (base: JSONValue?, file) in
      var value = file.value
      value?.remove("extends")
      guard var base else { return value }
      // A run's own record says nothing of the experiments that extend it.
      base.remove("run")
      base.remove("$schema")
      return value?.extending(base) ?? base
    }
    root = root.map(change)
    guard root != nil else { return }
    for override in overrides { apply(override) }
  }

  /// True where a bracket or an encoding is wrong: what comes after it may belong elsewhere, so
  /// that faults of meaning would mislead.
  var isScrambled: Bool {
    faults.contains { [.structure, .encoding, .depth].contains($0.kind) }
  }

  private struct Source {
    let name: String
    let value: JSONValue?
    let faults: [Diagnostic]
    /// By which a file is recognised whatever it is called.
    var identity: String { URL(filePath: name).resolvingSymlinksInPath().path }
  }

  private static func read(_ path: String) throws(FileError) -> Source {
    let bytes = try OpenFile(path, for: .reading).readAll(limit: 64 << 20)
    let (value, faults) = JSONParser.parse(SourceText(bytes: bytes, name: path))
    return Source(name: path, value: value, faults: faults)
  }

  /// The file that one extends; `nil` where it extends none, or cannot.
  private mutating func base(of file: Source, after files: [Source]) -> Source? {
    guard let extends = file.value?["extends"] else { return nil }
    guard let written = extends.stringValue, !written.isEmpty else {
      note("found \(extends.brief), expected the path of an experiment file", .wrongType, extends)
      return nil
    }
    let folder = (file.name as NSString).deletingLastPathComponent
    let path =
      written.hasPrefix("/") || folder.isEmpty
      ? written : (folder as NSString).appendingPathComponent(written)
    do {
      let base = try ExperimentFile.read(path)
      if let value = base.value, value.members == nil {
        note("\(base.name) is \(value.brief), expected an experiment", .wrongType, extends)
        return nil
      }
      guard let first = files.firstIndex(where: { $0.identity == base.identity }) else {
        return base
      }
      let round = files[first...].map(\.name) + [base.name]
      note(
        files.count == 1
          ? "the file extends itself"
          : "it comes round to where it began: "
            + round.joined(separator: " → "), .meaning, extends, "end the chain: remove one extends"
      )
    } catch {
      let place = URL(filePath: path).deletingLastPathComponent().path
      let there = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      note(
        "\(error)", .meaning, extends,
        NearestName.find((path as NSString).lastPathComponent, among: there.sorted())
          .map { "did you mean \"\($0)\"?" } ?? "it is looked for from the folder of \(file.name)")
    }
    return nil
  }

  private mutating func note(
    _ message: String, _ kind: Diagnostic.Kind, _ value: JSONValue, _ suggestion: String? = nil
  ) {
    faults.append(
      Diagnostic(
        message, kind: kind, path: "extends", at: value.position, suggestion: suggestion))
  }

  private mutating func apply(_ argument: String) {
    guard var tree = root else { return }
    do {
      try JSONOverride.apply([argument], to: &tree)
      root = tree
    } catch {
      faults += error.faults
    }
  }
}
