import PluginAPI

/// Finds the tensors of a network in a weights file, by our names or by published ones.
///
/// Names are compared without a leading `module.`, which parallel training leaves, and without
/// regard to which of PyTorch's two ways of spectral norm was used. Kernels under Keras's names have
/// Keras's axes in files. Passed over are the counters
/// `num_batches_tracked`, and running statistics of norms that have none here, which instance norms
/// of early versions left behind.
///
///     let names = WeightNames(network.publishedNames)
///     let weights = try names.read(WeightsFile("latest_net_G.pth"), shapes: shapes)
public struct WeightNames: Sendable {
  /// Our path → name in files.
  public let published: [String: String]
  /// Whether the network is the first layers of a larger one, whose other tensors are passed over.
  var isOfLarger = false
  /// Our paths of which a file may hold the last row alone.
  var byLastRow: Set<String> = []
  /// Names in files that do not lie under this path are of other parts.
  var scope = ""

  /// Takes a table of our path → published name.
  public init(_ published: [String: String]) { self.published = published }

  /// Our own names.
  init(own paths: some Collection<String>) {
    self.init(Dictionary(uniqueKeysWithValues: paths.map { ($0, $0) }))
  }

  /// The published names of a network; feature networks are the first layers of larger ones.
  init(_ network: any Importable) {
    self.init(network.publishedNames)
    isOfLarger = network is any Perceptor
  }

  /// How the tensors of a file match the table.
  public struct Match {
    /// The tensors that were looked through.
    public let group: TensorGroup
    /// Our path → tensor in the file.
    public fileprivate(set) var found: [String: StoredTensor] = [:]
    /// Every missing, surplus and mis-shaped tensor.
    public fileprivate(set) var mismatch = TensorMismatch([])
    /// What was passed over, in words.
    public fileprivate(set) var notes: [String] = []
  }

  /// Matches the tensors of a file with the table; of several groups, those that fit best.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - shapes: the shape of each of our tensors; shapes are not compared for paths not in it.
  ///   - entry: the key of a group; nil for the one that fits best.
  /// - Returns: what was found, and every difference.
  /// - Throws: `WeightsFileError` when several groups fit equally well, or none has the key.
  public func match(
    _ file: WeightsFile, shapes: [String: [Int]] = [:], entry: String? = nil
  ) throws -> Match {
    if let entry {
      guard let group = file.groups.first(where: { $0.key == entry }) else {
        throw WeightsFileError.noEntry(
          path: file.path, key: entry, known: file.groups.map(\.key))
      }
      return match(group, shapes)
    }
    let matches = file.groups.map { match($0, shapes) }
    let most = matches.map(\.found.count).max() ?? 0
    let best = matches.filter { $0.found.count == most }
    if best.count > 1, most > 0 {
      throw WeightsFileError.ambiguous(path: file.path, keys: best.map(\.group.key))
    }
    var chosen = best.max { $0.group.tensors.count < $1.group.tensors.count } ?? matches[0]
    if file.groups.count > 1 || !chosen.group.key.isEmpty {
      let others = file.groups.map(\.key).filter { $0 != chosen.group.key }
      let rest = others.isEmpty ? "" : "; passed over: \(WeightNames.list(others))"
      let key = chosen.group.key.isEmpty ? "the outermost level" : chosen.group.key
      chosen.notes.insert("taken from \(key)\(rest)", at: 0)
    }
    return chosen
  }

  private func match(_ group: TensorGroup, _ shapes: [String: [Int]]) -> Match {
    var match = Match(group: group)
    var inFile: [String: StoredTensor] = [:]
    let tensors = group.tensors.filter { WeightNames.plain($0.name).isUnder(scope) }
    // An exact name wins over one that only agrees without its prefix.
    for tensor in tensors.sorted(by: { $0.name.count > $1.name.count }) {
      inFile[WeightNames.plain(tensor.name)] = tensor
    }
    var rows: [TensorMismatch.Row] = []
    var used: Set<String> = []
    var lastRows: [String] = []
    for (ours, theirs) in published {
      guard let tensor = inFile[WeightNames.plain(theirs)]?.asOurs(theirs) else {
        let remark = theirs == ours ? nil : "looked for as \(theirs)"
        rows.append(.init(ours, expected: shapes[ours], found: nil, remark: remark))
        continue
      }
      match.found[ours] = tensor
      used.insert(tensor.name)
      if let expected = shapes[ours], expected != tensor.shape {
        if byLastRow.contains(ours), tensor.shape == [1] + expected.dropFirst() {
          lastRows.append(ours)
          continue
        }
        let remark = tensor.name == ours ? nil : "named \(tensor.name)"
        rows.append(.init(ours, expected: expected, found: tensor.shape, remark: remark))
      }
    }
    for (ours, shape) in shapes where published[ours] == nil {
      rows.append(.init(ours, expected: shape, found: nil, remark: "it has no published name"))
    }
    if !lastRows.isEmpty {
      match.notes.append(
        "the last row alone of \(WeightNames.list(lastRows.sorted())); the rows before it stay as drawn"
      )
    }
    let surplus = tensors.filter { !used.contains($0.name) }
    rows += passOver(surplus, &match).map { .init($0.name, expected: nil, found: $0.shape) }
    match.mismatch = TensorMismatch(rows)
    return match
  }

  /// Leaves out what no network here has a use for; returns what is left.
  private func passOver(_ surplus: [StoredTensor], _ match: inout Match) -> [StoredTensor] {
    if isOfLarger {
      let names = surplus.map(\.name)
      if !names.isEmpty {
        match.notes.append("passed over: \(WeightNames.list(names)), of a larger network")
      }
      return []
    }
    let (counters, others) = WeightNames.split(surplus) { WeightNames.last($0) == Last.counter }
    if !counters.isEmpty {
      match.notes.append("passed over: \(counters.count) × \(Last.counter)")
    }
    // Only both at once, and of one size, are those of a norm.
    let names = Dictionary(others.map { ($0.name, $0.shape) }) { first, _ in first }
    let (statistics, rest) = WeightNames.split(others) { name in
      let last = WeightNames.last(name)
      guard last == Last.mean || last == Last.variance else { return false }
      let owner = name.dropLast(last.count)
      let mean = names[owner + Last.mean]
      return mean != nil && mean == names[owner + Last.variance]
    }
    if !statistics.isEmpty {
      match.notes.append(
        "passed over: \(statistics.count / 2) × \(Last.mean) and \(Last.variance) of norms that have "
          + "none here, as instance norms of early versions left")
    }
    return rest
  }

  /// Reads all tensors of the table under our paths; of some, see `byLastRow`, maybe the last row.
  ///
  /// - Returns: our path → tensor, and what a person should know.
  /// - Throws: `WeightNamesError` with every missing, surplus and mis-shaped tensor; errors of the
  ///   file.
  public func read(
    _ file: WeightsFile, shapes: [String: [Int]] = [:]
  ) throws -> (tensors: [String: Tensor], notes: [String]) {
    let match = try match(file, shapes: shapes)
    guard match.mismatch.isEmpty else {
      throw WeightNamesError(path: file.path, mismatch: match.mismatch)
    }
    let tensors = try match.found.mapValues { try file.tensor($0) }
    return (tensors, match.notes + file.notes)
  }
}

extension WeightNames {
  private enum Last {
    static let counter = "num_batches_tracked"
    static let mean = "running_mean"
    static let variance = "running_var"
  }

  /// The counters of batches that belong to the norms of some names, sorted.
  static func counters(beside names: some Sequence<String>) -> [String] {
    let names = Set(names)
    return names.compactMap { name in
      guard last(name) == Last.mean else { return nil }
      let owner = name.dropLast(Last.mean.count)
      return names.contains(owner + Last.variance) ? owner + Last.counter : nil
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The last part of a name.
  private static func last(_ name: String) -> String {
    String(name[(name.lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex)...])
  }

  private static func split(
    _ tensors: [StoredTensor], _ isTaken: (String) -> Bool
  ) -> (taken: [StoredTensor], rest: [StoredTensor]) {
    let rest = tensors.filter { !isTaken($0.name) }
    return (tensors.filter { isTaken($0.name) }, rest)
  }

  private static func list(_ names: [String]) -> String {
    let first = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(first) and \(names.count - 6) more" : first
  }

  /// The name without leading `module.`, and spectral norm under its older names.
  static func plain(_ name: String) -> String {
    var rest = name[...]
    while rest.hasPrefix("module.") { rest = rest.dropFirst(7) }
    for (ending, older) in spectral where rest.hasSuffix(ending) {
      return rest.dropLast(ending.count) + older
    }
    return String(rest)
  }

  private static let spectral = [
    ("parametrizations.weight.original", "weight_orig"),
    ("parametrizations.weight.0._u", "weight_u"), ("parametrizations.weight.0._v", "weight_v"),
  ]
}

/// A weights file whose tensors are not those of the network.
public struct WeightNamesError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// Every difference.
  public let mismatch: TensorMismatch

  /// The file and the table of differences.
  public var description: String {
    "\(path): the weights are not those of this network:\n\(mismatch)\n"
      + "choose the settings with which they were trained, or another file"
  }
}
