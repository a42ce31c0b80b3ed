import PluginAPI

/// Moves weights between files under our names and files under published ones, a tensor at a time.
struct WeightsConversion {
  /// The component whose weights they are.
  let id: String
  let network: any Importable

  /// - Throws: `ConfigurationError` for a component without published names.
  init(_ id: String, _ component: any Component) throws {
    guard let network = component as? any Importable else {
      throw ConfigurationError(
        "\(id) has no published names; `workbench inspect ID` shows them for components that do")
    }
    (self.id, self.network) = (id, network)
  }

  /// The shapes of the network's weights and buffers, by path.
  var shapes: [String: [Int]] { Self.shapes(network) }

  /// The shapes of a module's weights and buffers, by path.
  static func shapes(_ module: any Module) -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for (path, parameter) in module.namedParameters { shapes[path] = parameter.shape }
    for (path, buffer) in module.namedBuffers { shapes[path] = buffer.shape }
    return shapes
  }

  /// Writes the tensors of a match under our names.
  ///
  /// - Throws: errors of reading, `FileError`; nothing has changed under the output's name then.
  func write(_ match: WeightNames.Match, of file: WeightsFile, to output: String) throws {
    let tensors = match.found
    try SafetensorsWriter.write(
      shapes: tensors.mapValues(\.shape), metadata: ["component": id], to: output
    ) { name in
      try tensors[name].map { try file.values($0) } ?? []
    }
  }

  /// The weights of a file of ours, under published names.
  ///
  /// - Throws: `WeightNamesError` where the file's tensors are not the network's.
  func exported(_ file: WeightsFile) throws -> PublishedWeights {
    let match = try WeightNames(own: shapes.keys).match(file, shapes: shapes)
    guard match.mismatch.isEmpty else {
      throw WeightNamesError(path: file.path, mismatch: match.mismatch)
    }
    var tensors: [String: StoredTensor] = [:]
    for (path, name) in network.publishedNames { tensors[name] = match.found[path] }
    return PublishedWeights(network) { name in
      try tensors[name].map { try file.values($0) } ?? []
    }
  }

  /// The weights that the network has now, under published names.
  func exported() -> PublishedWeights {
    var tensors: [String: Tensor] = [:]
    for (path, parameter) in network.namedParameters { tensors[path] = parameter.value }
    for (path, buffer) in network.namedBuffers { tensors[path] = buffer.value }
    let paths = Dictionary(network.publishedNames.map { ($0.value, $0.key) }) { first, _ in first }
    return PublishedWeights(network) { name in
      paths[name].flatMap { tensors[$0] }?.scalars() ?? []
    }
  }
}

/// Weights under published names, made a tensor at a time.
struct PublishedWeights {
  /// The formats in which they are written, which the ending of a file's name says.
  enum Format: String, CaseIterable { case safetensors, npz, pth }

  /// Published name → shape.
  let shapes: [String: [Int]]
  /// The counters of batches that PyTorch keeps beside the statistics of a norm, by name.
  let counters: [String]
  private let values: (String) throws -> [Float]

  /// A network's weights, of which `values` gives the numbers by published name.
  init(_ network: any Importable, _ values: @escaping (String) throws -> [Float]) {
    let own = WeightsConversion.shapes(network)
    var shapes: [String: [Int]] = [:]
    var layouts: [String: StridedLayout] = [:]
    for (path, name) in network.publishedNames {
      shapes[name] = own[path]
      guard let shape = own[path],
        let order = KerasKernel.inverseOrder(name, rank: shape.count),
        let layout = StridedLayout(shape, within: shape.reduce(1, *))?.permuted(order)
      else { continue }
      (shapes[name], layouts[name]) = (layout.shape, layout)
    }
    self.shapes = shapes
    counters = WeightNames.counters(beside: shapes.keys)
    self.values = { [layouts] name in
      let numbers = try values(name)
      return layouts[name]?.gathered(numbers) ?? numbers
    }
  }

  /// The number of tensors that a file of this format gets: counters of batches are PyTorch's.
  func count(in format: Format) -> Int {
    shapes.count + (format == .npz ? 0 : counters.count)
  }

  /// Writes them; counters of batches, which are not known here, as 0.
  ///
  /// - Throws: errors of reading, `FileError`; nothing has changed under the output's name then.
  func write(_ format: Format, to output: String) throws {
    switch format {
    case .safetensors:
      try SafetensorsWriter.write(
        shapes: shapes, counters: counters, metadata: [:], to: output, values)
    case .npz: try NumpyArray.write(shapes, to: output, values)
    case .pth: try TorchFile.write(shapes, counters: counters, to: output, values)
    }
  }
}
