import PluginAPI

/// Reads published weights under our names.
///
/// Names in files are compared without a leading `module.`, which parallel training leaves, and
/// counters named `num_batches_tracked` are passed over, since nothing here reads them.
///
///     let names = WeightNames(network.publishedNames)
///     let weights = try names.read(SafetensorsReader("latest_net_G.safetensors"), shapes: shapes)
public struct WeightNames: Sendable {
  /// Our path → published name.
  public let published: [String: String]

  /// Takes a table of our path → published name.
  public init(_ published: [String: String]) { self.published = published }

  /// How the names of a file match the table.
  public struct Match: Sendable, Equatable {
    /// Our path → name in the file.
    public let found: [String: String]
    /// Our path → published name, for those the file lacks.
    public let missing: [String: String]
    /// Names in the file that the table does not mention.
    public let surplus: [String]
  }

  /// Matches the names of a file.
  public func match(_ names: [String]) -> Match {
    var inFile: [String: String] = [:]
    // An exact name wins over one that only agrees without its prefix.
    for name in names.sorted(by: { $0.count > $1.count }) where !WeightNames.isCounter(name) {
      inFile[WeightNames.stripped(name)] = name
    }
    var found: [String: String] = [:]
    var missing: [String: String] = [:]
    for (ours, theirs) in published {
      if let name = inFile[WeightNames.stripped(theirs)] {
        found[ours] = name
      } else {
        missing[ours] = theirs
      }
    }
    let used = Set(found.values)
    let surplus = names.filter { !used.contains($0) && !WeightNames.isCounter($0) }.sorted()
    return Match(found: found, missing: missing, surplus: surplus)
  }

  /// Reads all tensors of the table under our paths.
  ///
  /// - Parameters:
  ///   - file: the published file.
  ///   - shapes: the shape of each of our tensors; shapes are not compared for paths not in it.
  ///   - allowingSurplus: whether the file may hold more than the table mentions.
  /// - Returns: our path → tensor.
  /// - Throws: `WeightNamesError` with every missing, surplus and mis-shaped tensor.
  public func read(
    _ file: SafetensorsReader, shapes: [String: [Int]] = [:], allowingSurplus: Bool = false
  ) throws -> [String: Tensor] {
    let match = match(file.names)
    var rows = match.missing.map { ours, theirs in
      TensorMismatch.Row(
        ours, expected: shapes[ours], found: nil, remark: "looked for as \(theirs)")
    }
    for (ours, name) in match.found {
      let found = file.entry(named: name)?.shape
      if let expected = shapes[ours], expected != found {
        rows.append(.init(ours, expected: expected, found: found, remark: "named \(name)"))
      }
    }
    if !allowingSurplus {
      rows += match.surplus.map {
        TensorMismatch.Row($0, expected: nil, found: file.entry(named: $0)?.shape)
      }
    }
    guard rows.isEmpty else {
      throw WeightNamesError(path: file.path, mismatch: TensorMismatch(rows))
    }
    var tensors: [String: Tensor] = [:]
    for (ours, name) in match.found { tensors[ours] = try file.tensor(named: name) }
    return tensors
  }

  /// The name without leading `module.`.
  static func stripped(_ name: String) -> String {
    var rest = name[...]
    while rest.hasPrefix("module.") { rest = rest.dropFirst(7) }
    return String(rest)
  }

  private static func isCounter(_ name: String) -> Bool {
    name == "num_batches_tracked" || name.hasSuffix(".num_batches_tracked")
  }
}

/// A published file whose tensors are not those of the network.
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
