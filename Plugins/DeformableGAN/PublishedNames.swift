import PluginAPI

// Names as Keras counts layers, in order of creation; the host knows the axes of its kernels.

extension DeformableGenerator {
  var publishedNames: [String: String] {
    var names = KerasNames()
    names.add(appearance, "appearance")
    names.add(pose, "pose")
    for index in decoder.blocks.indices {
      let path = "decoder.blocks.\(index)"
      names.add(convolution: "\(path).conv", isTransposed: true, hasBias: false)
      names.add(norm: "\(path).norm")
    }
    names.add(convolution: "decoder.last", hasBias: true)
    for index in transformer?.layers.indices ?? 0..<0 {
      names.add(dense: "transformer.layers.\(index)")
    }
    return names.all
  }
}

extension PoseDiscriminator {
  var publishedNames: [String: String] {
    var names = KerasNames()
    // The source's branch is made first.
    if source != nil { names.add(convolution: "source", hasBias: true) }
    names.add(convolution: "first", hasBias: true)
    for (index, block) in blocks.enumerated() { names.add(block, "blocks.\(index)") }
    if let head { names.add(head, "head") }
    if comparison != nil { names.add(dense: "comparison") }
    return names.all
  }

  /// The head's: a published network has the verdict of the whole.
  var importableByLastRow: Set<String> { head == nil ? [] : ["head.conv.weight"] }
}

/// Counts layers of each kind as they are made.
private struct KerasNames {
  var all: [String: String] = [:]
  private var counts: [String: Int] = [:]

  mutating func add(_ encoder: PoseEncoder?, _ path: String) {
    guard let encoder else { return }
    add(convolution: "\(path).first", hasBias: true)
    for (index, block) in encoder.blocks.enumerated() { add(block, "\(path).blocks.\(index)") }
  }

  mutating func add(_ block: HalvingBlock, _ path: String) {
    add(convolution: "\(path).conv", hasBias: false)
    if block.norm != nil { add(norm: "\(path).norm") }
  }

  mutating func add(convolution path: String, isTransposed: Bool = false, hasBias: Bool) {
    let layer = next(isTransposed ? "conv2d_transpose" : "conv2d")
    all["\(path).weight"] = "\(layer)/kernel:0"
    if hasBias { all["\(path).bias"] = "\(layer)/bias:0" }
  }

  mutating func add(dense path: String) {
    let layer = next("dense")
    all["\(path).weight"] = "\(layer)/kernel:0"
    all["\(path).bias"] = "\(layer)/bias:0"
  }

  mutating func add(norm path: String) {
    let layer = next("instance_normalization")
    all["\(path).weight"] = "\(layer)/gamma:0"
    all["\(path).bias"] = "\(layer)/beta:0"
  }

  private mutating func next(_ kind: String) -> String {
    counts[kind, default: 0] += 1
    return "\(kind)_\(counts[kind] ?? 0)"
  }
}
