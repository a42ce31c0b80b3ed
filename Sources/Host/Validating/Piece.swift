import PluginAPI

/// A component built alone at one size, and what it is called with.
struct Piece {
  let subject: Subject
  let size: Size2
  let settings: Setting
  let workpiece: Workpiece

  /// Builds the component with settings that give it few weights.
  ///
  /// - Throws: what it throws when it can't be built.
  init(_ subject: Subject, _ size: Size2) throws {
    try self.init(subject, size, settings: subject.smallSettings(at: size))
  }

  /// Builds the component, its ports bound to the sizes that examples of them have.
  ///
  /// - Throws: what it throws when it can't be built.
  init(
    _ subject: Subject, _ size: Size2, settings: Setting, withOptionalPorts: Bool = true
  ) throws {
    self.subject = subject
    self.size = size
    self.settings = settings
    var bound: [Port] = []
    let image = Port.image("image", height: size.height, width: size.width)
    while true {
      let context = Resolution.portContext(
        bound: Dictionary(bound.map { ($0.name, $0) }) { $1 }, image: image,
        catalog: subject.catalog, parts: [:])
      let declared = try subject.description.consumes(settings, in: context)
        .filter { withOptionalPorts || !$0.isOptional }
      guard bound.count < declared.count else { break }
      bound.append(declared[bound.count].sized(size))
    }
    var sizes = Dictionary(bound.map { ($0.name, $0.attributes) }) { first, _ in first }
    if sizes["image"] == nil { sizes["image"] = image.attributes }
    if subject.kind == .latent {
      let context = Resolution.portContext(
        bound: Dictionary(bound.map { ($0.name, $0) }) { $1 }, image: image,
        catalog: subject.catalog, parts: [:])
      for port in try subject.description.provides(settings, in: context) {
        sizes[port.name] = port.sized(size).attributes
      }
    }
    workpiece = try Workpiece(
      subject.id, settings, shapes: [:], sizes: sizes, from: subject.catalog)
  }

  /// Its weights, where it has any.
  var module: (any Module)? { workpiece.component as? any Module }

  /// The number of trainable scalars.
  var weightCount: Int { module?.parameterCount ?? 0 }

  /// Draws its weights, and those of the parts in its slots.
  func initialize(seed: UInt64? = nil) {
    let seed = seed ?? subject.seed
    for part in workpiece.parts { (part as? any Module)?.initialize(seed: seed, prefix: "slot") }
    module?.initialize(seed: seed, prefix: subject.id)
  }

  /// How it is called.
  ///
  /// - Parameters:
  ///   - training: whether layers behave as in training.
  ///   - updatesBuffers: whether they may change their buffers.
  ///   - seed: of its draws; the subject's by default.
  /// - Returns: a context whose draws are those of step 0.
  func context(
    training: Bool, updatesBuffers: Bool = false, seed: UInt64? = nil
  ) -> CallContext {
    CallContext(
      training: training, updatesBuffers: updatesBuffers, seed: seed ?? subject.seed,
      stream: subject.id, step: 0)
  }

  /// Everything its state consists of, by path.
  var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (path, parameter) in module?.namedParameters ?? [] { result[path] = parameter.value }
    for (path, buffer) in module?.namedBuffers ?? [] { result[path] = buffer.value }
    return result
  }

  /// Puts a state back.
  func restore(_ state: [String: Tensor]) {
    for (path, parameter) in module?.namedParameters ?? [] {
      if let value = state[path] { parameter.value = value }
    }
    for (path, buffer) in module?.namedBuffers ?? [] {
      if let value = state[path] { buffer.value = value }
    }
  }
}

extension Port {
  /// The port with sizes for those that it leaves open.
  func sized(_ size: Size2) -> Port {
    var port = self
    var open = ["height": size.height, "width": size.width]
    switch kind {
    case .image: open["channels"] = 3
    case .classPlanes, .labelMap, .segmentation: open["classes"] = 5
    case .mask, .edges, .instanceMap: break
    case .poseMaps: open["classes"] = 5
    case .partMasks: open["parts"] = 5
    case .caption, .attributeList: open = ["vocabulary": 20, "maxLength": 6]
    case .words, .sentence: open = ["size": 8, "maxLength": 6]
    case .latent, .posterior: open = self["height"] == nil ? ["size": 8] : ["channels": 8]
    case .classLabel: open = ["classes": 5]
    case .attributes, .keypoints: open = ["count": 5]
    case .partTransforms: open = ["parts": 5]
    case .boxes: open = ["max": 3]
    case .instances: open.merge(["max": 3, "classes": 5]) { $1 }
    case .features, .attentionMaps: open = ["layers": 2]
    case .logits: open = ["count": 2]
    default: open = [:]
    }
    port.attributes.merge(open) { declared, _ in declared }
    return port
  }
}
