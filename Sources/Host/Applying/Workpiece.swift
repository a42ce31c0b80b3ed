import PluginAPI

/// One component built alone, outside of any experiment, with its ports bound to given tensors.
struct Workpiece {
  /// Its id.
  let id: String
  /// Its declarations.
  let description: ComponentDescription
  /// The component.
  let component: any Component
  /// What it consumes, with the sizes of the given tensors.
  let consumed: [Port]
  /// What it provides under these sizes.
  let provided: [Port]
  /// The parts that were built for its slots.
  let parts: [any Component]

  /// Builds a component.
  ///
  /// `settings` is its `with` object; `shapes` are those of the given tensors in the engine's
  /// layout; `sizes` are attributes that no tensor shows, by port: `["labels": ["classes": 12]]`,
  /// where the port `image` is also the image that a generator should make. `source` is the file
  /// that the tensors are from; without one nothing is required of them.
  ///
  /// - Throws: errors that name the unknown component, the setting or the missing size.
  init(
    _ id: String, _ settings: Setting, shapes: [String: [Int]], sizes: [String: [String: Int]],
    source: String? = nil, from catalog: Catalog
  ) throws {
    guard let description = catalog.components[id] else {
      let known = catalog.components.keys.sorted()
      throw ConfigurationError(
        "no loaded plugin offers \"\(id)\"; "
          + (NearestName.suggestion(for: id, among: known) ?? "no plugin is loaded"))
    }
    self.id = id
    self.description = description
    let image = Workpiece.image(shapes, sizes)
    let unbound = Resolution.portContext(bound: [:], image: image, catalog: catalog, parts: [:])
    let declared = try description.consumes(settings, in: unbound)
    if let source { try Workpiece.check(shapes, declared, of: id, in: source) }
    consumed = declared.compactMap { port in
      let parts = Workpiece.parts(of: port, in: shapes)
      var sized = port
      if !parts.isEmpty {
        for (_, shape) in parts {
          for (name, size) in port.kind.sizes(of: shape) { sized.attributes[name] = size }
        }
        for (name, size) in port.sizes(ofParts: parts.map(\.name)) { sized.attributes[name] = size }
      } else if port.isOptional, sizes[port.name] == nil {
        return nil
      }
      for (name, size) in sizes[port.name] ?? [:] { sized.attributes[name] = size }
      if port.kind == .image, sized["channels"] == nil { sized.attributes["channels"] = 3 }
      return sized
    }
    let bound = Dictionary(consumed.map { ($0.name, $0) }) { first, _ in first }
    let context = Resolution.portContext(
      bound: bound, image: image, catalog: catalog, parts: [:])
    var built: [any Component] = []
    func part(_ reference: ComponentReference) throws -> any Component {
      built.append(try Networks.slot(reference, context, catalog, [:]))
      return built[built.count - 1]
    }
    do {
      // What a latent leaves open, its consumer says: here the sizes do.
      let provided = try description.provides(settings, in: context).map { port in
        var port = port
        port.attributes.merge(sizes[port.name] ?? [:]) { declared, _ in declared }
        return port
      }
      self.provided = provided
      component = try description.build(
        settings,
        in: BuildContext(
          ports: context,
          provided: Dictionary(provided.map { ($0.name, $0) }) { first, _ in first }, parts: part))
      parts = built
    } catch let error as ConfigurationError {
      throw ConfigurationError(
        "\(id): \(error.message)"
          + Workpiece.cure(error.message, consumed.map(\.name)))
    }
  }

  /// How a size that is not known is said: by the port, and the attribute, that a message names.
  private static func cure(_ message: String, _ ports: [String]) -> String {
    guard message.contains("known") else { return "" }
    let found = message.firstMatch(of: /the (\w+) of (\w+)/)
    let port = found.map { String($0.output.2) }.flatMap { ports.contains($0) ? $0 : nil }
    let attribute = port.flatMap { _ in found.map { String($0.output.1) } } ?? "side"
    return "; say it with --ports, such as '{\"\(port ?? "image")\": "
      + "{\"\(attribute)\": \(attribute == "classes" ? 12 : 64)}}'"
  }

  /// The image a generator should make: as said, else as large as the largest map that is given.
  static func image(_ shapes: [String: [Int]], _ sizes: [String: [String: Int]]) -> Port? {
    if let said = sizes["image"] {
      return Port("image", .image, attributes: ["channels": 3].merging(said) { $1 })
    }
    let said = sizes.values.compactMap { size in
      size["height"].flatMap { height in size["width"].map { [0, height, $0] } }
    }
    let maps = shapes.values.filter { $0.count == 4 || $0.count == 3 } + said
    guard let map = maps.max(by: { ($0[1], $0[2]) < ($1[1], $1[2]) }) else { return nil }
    return .image("image", height: map[1], width: map[2])
  }
}

extension Port.Kind {
  /// What a tensor's shape, in the engine's layout, says about the attributes of its port.
  func sizes(of shape: [Int]) -> [String: Int] {
    switch (self, shape.count) {
    case (.image, 4): ["height": shape[1], "width": shape[2], "channels": shape[3]]
    // One plane holds the labels themselves.
    case (.labelMap, 4) where shape[3] == 1: ["height": shape[1], "width": shape[2]]
    case (.classPlanes, 4), (.segmentation, 4), (.poseMaps, 4), (.labelMap, 4):
      ["height": shape[1], "width": shape[2], "classes": shape[3]]
    case (.partMasks, 4): ["height": shape[1], "width": shape[2], "parts": shape[3]]
    case (.labelMap, 3), (.classPlanes, 3), (.instanceMap, 3), (.instanceMap, 4), (.mask, 4),
      (.edges, 4):
      ["height": shape[1], "width": shape[2]]
    case (.latent, 2), (.posterior, 2): ["size": shape[1]]
    case (.latent, 4), (.posterior, 4):
      ["height": shape[1], "width": shape[2], "channels": shape[3]]
    case (.sentence, 2): ["size": shape[1]]
    case (.words, 3): ["size": shape[2]]
    case (.attributes, 2), (.keypoints, 2): ["count": shape[1]]
    case (.caption, 2), (.attributeList, 2): ["maxLength": shape[1]]
    case (.partTransforms, 3): ["parts": shape[1]]
    case (.boxes, 3), (.instances, 2): ["max": shape[1]]
    case (.instances, 4): ["height": shape[1], "width": shape[2], "max": shape[3]]
    case (.sceneGraph, 2): ["objects": shape[1]]
    case (.sceneGraph, 3): ["relations": shape[1]]
    default: [:]
    }
  }
}

extension Port {
  /// What the names of a port's tensors say about its attributes: how many there are.
  fileprivate func sizes(ofParts names: [String]) -> [String: Int] {
    switch kind {
    case .logits, .attentionMaps: ["count": names.count]
    case .features:
      // `·.scale.layer`, or `·.layer` of one scale.
      [
        "layers": names.filter { name in
          let places = name.dropFirst(self.name.count + 1).split(separator: ".")
          return places.count < 2 || places[0] == "0"
        }.count
      ]
    default: [:]
    }
  }
}
