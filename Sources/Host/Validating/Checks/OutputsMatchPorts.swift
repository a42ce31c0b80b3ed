import PluginAPI

/// What comes out has the names, shapes and ranges that the declared ports promise.
enum OutputsMatchPorts: Check {
  static let name = "ports"
  static let sentence = "Outputs match the declared ports, for batches of 2 and of 3."

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let piece = try subject.smallest()
    piece.initialize()
    for (count, training) in [(2, true), (3, false)] {
      let inputs = try piece.inputs(count: count)
      let outputs = try piece(inputs, piece.context(training: training))
      try check(outputs, of: piece, count: count, inputs)
    }
    // Ports that it says it can do without.
    if piece.workpiece.consumed.contains(where: \.isOptional) {
      let bare = try Piece(subject, piece.size, settings: piece.settings, withOptionalPorts: false)
      bare.initialize()
      let inputs = try bare.inputs()
      try check(bare(inputs, bare.context(training: false)), of: bare, count: 2, inputs)
    }
    return .passed
  }

  private static func check(
    _ outputs: Values, of piece: Piece, count: Int, _ inputs: Values
  ) throws {
    switch piece.subject.kind {
    case .generator, .encoder, .perceptor, .latent:
      try compare(outputs, with: piece.workpiece.provided, count: count)
    // What a head thinks an image looks like is bounded by no tanh.
    case .discriminator:
      try compare(outputs, with: piece.workpiece.provided, count: count, boundsImages: false)
    case .loss, .adversarialLoss, .regularizer:
      for name in outputs.names where outputs[name].shape != [] {
        throw CheckFailure("\(name) has the shape \(outputs[name].shape), expected one number")
      }
    case .view: try checkViews(outputs, of: piece, count: count)
    case .optimizer:
      for name in outputs.names where outputs[name].shape != inputs["parameter"].shape {
        guard name == "parameter" || outputs[name].count == inputs["parameter"].count else {
          continue  // a state may have any shape, such as one number
        }
        throw CheckFailure(
          "\(name) has the shape \(outputs[name].shape), "
            + "expected the parameter's \(inputs["parameter"].shape)")
      }
    case .adapter:
      guard let (_, result) = piece.adapted else { return }
      try compare(outputs, with: [result], count: count)
    case .dataset: try checkSamples(outputs, of: piece)
    case .metric:
      guard !outputs.names.isEmpty else {
        throw CheckFailure("there is no figure after a batch of \(count)")
      }
    case .tool:
      guard !outputs.names.isEmpty else { throw CheckFailure("it makes no image") }
    case .schedule: break
    }
    for name in outputs.names where !outputs[name].scalars().allSatisfy(\.isFinite) {
      throw CheckFailure("\(name) is not finite on finite inputs")
    }
  }

  /// Every port is there, nothing else is, and shapes say what attributes do.
  private static func compare(
    _ outputs: Values, with ports: [Port], count: Int, boundsImages: Bool = true
  ) throws {
    for port in ports {
      let parts = outputs.port(port.name)
      guard !parts.tensors.isEmpty || port.isOptional else {
        throw CheckFailure("found no \(port.name), which it says it provides, \(port)")
      }
      for name in parts.names {
        try compare(parts[name], named: name, with: port, count: count)
        if boundsImages || port.kind != .image {
          try checkRange(parts[name], named: name, of: port)
        }
      }
    }
    let names = ports.map(\.name)
    let surplus = outputs.names.filter { name in
      !names.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
    guard surplus.isEmpty else {
      throw CheckFailure(
        "found \(surplus.joined(separator: ", ")), which no port declares; "
          + "declared are \(names.joined(separator: ", "))")
    }
  }

  private static func compare(
    _ tensor: Tensor, named name: String, with port: Port, count: Int
  ) throws {
    let shape = tensor.shape
    func fault(_ words: String) -> CheckFailure {
      CheckFailure("\(name) has the shape \(shape), \(words); it is declared as \(port)")
    }
    guard shape.first == count else { throw fault("expected a batch of \(count)") }
    if name == port.name, let ranks = port.kind.ranks, !ranks.contains(shape.count) {
      throw fault("expected \(ranks.sorted()) axes")
    }
    if name == port.name {
      for (attribute, found) in port.kind.sizes(of: shape) {
        guard let wanted = port[attribute], wanted != found else { continue }
        throw fault("so its \(attribute) is \(found), not \(wanted)")
      }
    }
  }

  /// Images are in -1...1, shares in 0...1, labels and words whole numbers that exist.
  private static func checkRange(_ tensor: Tensor, named name: String, of port: Port) throws {
    let values = tensor.scalars()
    let range: ClosedRange<Float>?
    var isWhole = false
    switch port.kind {
    case .image: range = -1...1
    case .mask, .edges, .poseMaps, .attentionMaps, .classPlanes, .attributes: range = 0...1
    case .labelMap, .classLabel:
      range = 0...Float(max(1, port["classes"] ?? 1 << 24) - 1)
      isWhole = true
    case .caption, .attributeList:
      let limit = name.hasSuffix(".tokens") ? port["vocabulary"].map { $0 - 1 } : port["maxLength"]
      range = 0...Float(limit ?? 1 << 24)
      isWhole = true
    default: range = nil
    }
    guard let range else { return }
    if let wrong = values.first(where: {
      $0 < range.lowerBound - 1e-5 || $0 > range.upperBound + 1e-5 || isWhole && $0 != $0.rounded()
    }) {
      throw CheckFailure(
        "\(name) holds \(wrong); values of kind \(port.kind.rawValue) are in \(range)"
          + (isWhole ? ", whole numbers" : ""))
    }
  }

  private static func checkViews(_ outputs: Values, of piece: Piece, count: Int) throws {
    let (views, labels) = (outputs.list("views"), outputs.list("labelViews"))
    guard !views.isEmpty, views.count == labels.count else {
      throw CheckFailure(
        "found \(views.count) views of an image and \(labels.count) of a label map; "
          + "expected as many, at least one")
    }
    let port = Port.image("map", height: piece.size.height, width: piece.size.width)
    let seen = try piece.subject.description.seen(port, piece.settings)
    for (index, view) in views.enumerated() {
      try compare(view, named: "map", with: seen, count: count)
      guard labels[index].shape == Array(view.shape.prefix(3)) else {
        throw CheckFailure(
          "view \(index) of an image has the shape \(view.shape), that of labels "
            + "\(labels[index].shape); expected one height and width")
      }
      guard labels[index].scalars().allSatisfy({ (0..<5).contains($0) && $0 == $0.rounded() })
      else { throw CheckFailure("view \(index) of a label map mixes labels") }
    }
  }

  private static func checkSamples(_ outputs: Values, of piece: Piece) throws {
    for split in Split.allCases {
      for index in 0..<2 {
        let sample = outputs.port("\(split.rawValue).\(index)")
        guard !sample.tensors.isEmpty else { continue }
        let prefix = "\(split.rawValue).\(index)."
        let fields = Values(
          Dictionary(
            uniqueKeysWithValues: sample.tensors.map {
              (String($0.key.dropFirst(prefix.count)), $0.value.expandedDims(0))
            }))
        do {
          try compare(fields, with: piece.workpiece.provided, count: 1)
        } catch let failure as CheckFailure {
          throw CheckFailure("sample \(index) of \(split.rawValue): \(failure)")
        }
      }
    }
  }
}
