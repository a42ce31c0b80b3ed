import PluginAPI

extension Workpiece {
  /// Checks given tensors against the ports they are for, before anything is built from their sizes.
  ///
  /// - Parameters:
  ///   - shapes: of the given tensors, in the engine's layout.
  ///   - declared: what the component consumes.
  ///   - id: the component.
  ///   - source: the file, for messages.
  /// - Throws: `ConfigurationError` with the first fault.
  static func check(
    _ shapes: [String: [Int]], _ declared: [Port], of id: String, in source: String
  ) throws {
    let fault = { (text: String) in ConfigurationError("\(source): \(text)") }
    let ports = declared.filter { !$0.isJudged }
    for port in ports where !port.isOptional && parts(of: port, in: shapes).isEmpty {
      let held = shapes.keys.sorted().joined(separator: ", ")
      throw fault(
        "found no \(port.name), which \(id) consumes as \(port), \(port.kind.fileLayout); "
          + "the file holds \(held.isEmpty ? "nothing" : held)")
    }
    var count: (name: String, size: Int)?
    for port in ports {
      for (name, shape) in parts(of: port, in: shapes) {
        let text = "\(name) has the shape \(FieldLayout.outside(shape, named: name))"
        if name == port.name, let ranks = port.kind.ranks, !ranks.contains(shape.count) {
          throw fault("\(text), expected \(port.kind.fileLayout)")
        }
        guard let size = shape.first, size > 0 else {
          throw fault("\(text), expected a batch of at least one sample")
        }
        if let count, count.size != size {
          throw fault("\(text), a batch of \(size); \(count.name) has a batch of \(count.size)")
        }
        count = (name, size)
        guard name == port.name else { continue }
        for (attribute, found) in port.kind.sizes(of: shape) {
          guard let wanted = port[attribute], wanted != found else { continue }
          throw fault("\(text), \(attribute) \(found); \(id) expects \(port)")
        }
      }
      try checkParts(parts(of: port, in: shapes), port, fault)
    }
    try checkSides(ports, shapes, fault)
    try checkPairs(declared, shapes, id, fault)
  }

  /// Maps over the image that may have any side must have one side.
  private static func checkSides(
    _ ports: [Port], _ shapes: [String: [Int]], _ fault: (String) -> ConfigurationError
  ) throws {
    let maps = ports.filter { Port.Kind.overImage.contains($0.kind) && $0["height"] == nil }
    let sizes = maps.compactMap { port in
      shapes[port.name].map { (port.name, $0.count > 2 ? Array($0[1...2]) : []) }
    }
    for (name, size) in sizes.dropFirst() where size != sizes[0].1 {
      throw fault(
        "\(name) is \(size[0])x\(size[1]) and \(sizes[0].0) is \(sizes[0].1[0])x\(sizes[0].1[1]); "
          + "expected maps of one size")
    }
  }

  /// Mean and variance of a posterior, and the coordinates of key points, are shaped alike.
  private static func checkParts(
    _ parts: [(name: String, shape: [Int])], _ port: Port, _ fault: (String) -> ConfigurationError
  ) throws {
    guard [.posterior, .keypoints].contains(port.kind), let first = parts.first else { return }
    for (name, shape) in parts where shape != first.shape {
      throw fault("\(name) has the shape \(shape) and \(first.name) \(first.shape); expected one")
    }
  }

  /// What a loss compares of real and generated images is shaped alike.
  private static func checkPairs(
    _ declared: [Port], _ shapes: [String: [Int]], _ id: String,
    _ fault: (String) -> ConfigurationError
  ) throws {
    let judged = declared.filter { $0.isJudged && $0.role != .mismatched }
    for port in judged where parts(of: port, in: shapes).isEmpty {
      throw fault("found no \(port.name).0, which \(id) consumes as \(port)")
    }
    guard let first = judged.first else { return }
    let expected = parts(of: first, in: shapes).map(\.shape)
    for port in judged.dropFirst() where port.kind == first.kind {
      let found = parts(of: port, in: shapes).map(\.shape)
      guard found != expected else { continue }
      throw fault(
        "\(port.name) holds the shapes \(found) and \(first.name) \(expected); expected the same")
    }
  }

  /// The tensors of a port, by name.
  static func parts(
    of port: Port, in shapes: [String: [Int]]
  ) -> [(name: String, shape: [Int])] {
    shapes.filter { $0.key == port.name || $0.key.hasPrefix(port.name + ".") }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension Port.Kind {
  /// The ranks that a tensor of this kind may have, for kinds of one tensor.
  var ranks: Set<Int>? {
    switch self {
    case .image, .segmentation, .poseMaps, .partMasks, .mask, .edges: [4]
    case .labelMap, .classPlanes, .instanceMap: [3, 4]
    case .sentence, .attributes: [2]
    case .latent: [2, 4]
    case .classLabel: [1]
    case .boxes, .partTransforms: [3]
    default: nil
    }
  }
}
