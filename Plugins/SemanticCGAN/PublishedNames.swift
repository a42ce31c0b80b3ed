import PluginAPI

// The names weights have in checkpoints of the authors' PyTorch code, where every layer,
// activations included, is numbered within its sequence.

extension UNetGenerator {
  /// Each level's sequence is an element of the one around it.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    var sequence = "model.model"
    let last = unet.levels.count - 1
    for (index, level) in unet.levels.enumerated() {
      let path = "unet.levels.\(index)"
      let upConv = index == 0 || index == last ? 3 : 5
      names.add(level.down.conv, "\(path).down.conv", "\(sequence).\(index == 0 ? 0 : 1)")
      names.add(level.down.norm, "\(path).down.norm", "\(sequence).2")
      names.add(level.up.conv, "\(path).up.conv", "\(sequence).\(upConv)")
      names.add(level.up.norm, "\(path).up.norm", "\(sequence).\(upConv + 1)")
      sequence += index == 0 ? ".1.model" : ".3.model"
    }
    return names
  }
}

extension ResNetGenerator {
  var publishedNames: [String: String] { resnet.publishedNames(below: "resnet") }
}

extension ResNet {
  /// One sequence; paddings and activations are numbered too, and dropouts within the blocks. With a
  /// code there is a sequence before the layer that takes it in, and one after it.
  func publishedNames(below path: String) -> [String: String] {
    var names: [String: String] = [:]
    var (sequence, position) = (fusion == nil ? "model" : "pre_model", 1)
    func add(_ step: ConvolutionStep, _ path: String) {
      names.add(step, path, "\(sequence).\(position)", norm: "\(sequence).\(position + 1)")
      position += 3
    }
    add(first, "\(path).first")
    for (index, step) in down.enumerated() { add(step, "\(path).down.\(index)") }
    if let fusion {
      (sequence, position) = ("fuse_z_layer", 0)
      add(fusion, "\(path).fusion")
      (sequence, position) = ("after_model", 0)
    }
    for (index, block) in blocks.enumerated() {
      names.add(block, "\(path).blocks.\(index)", "\(sequence).\(position)")
      position += 1
    }
    for (index, step) in up.enumerated() { add(step, "\(path).up.\(index)") }
    names.add(last, "\(path).last", "\(sequence).\(position + 1)")
    return names
  }
}

extension PatchDiscriminator {
  /// One sequence; `net` where all kernels are 1×1.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    let isPixel = patches.head.weight.shape[2] == 1
    let sequence = isPixel ? "net" : "model"
    var position = 0
    for (index, step) in patches.steps.enumerated() {
      names.add(step.conv, "patches.steps.\(index).conv", "\(sequence).\(position)")
      names.add(step.norm, "patches.steps.\(index).norm", "\(sequence).\(position + 1)")
      position += step.norm == nil ? 2 : 3
    }
    names.add(patches.head, "patches.head", "\(sequence).\(position)")
    return names
  }

  /// The head's: a published network has the verdict of the whole.
  var importableByLastRow: Set<String> { patches.head.paths(below: "patches.head") }
}

extension Module {
  /// The paths of all weights, under that of this module.
  func paths(below path: String) -> Set<String> {
    Set(namedParameters.map { "\(path).\($0.path)" })
  }
}

extension [String: String] {
  /// Adds a convolution and the norm after it.
  mutating func add(
    _ step: ConvolutionStep, _ path: String, _ published: String, norm: String
  ) {
    add(step.conv, "\(path).conv", published)
    add(step.norm, "\(path).norm", norm)
  }

  /// Adds a residual block.
  mutating func add(_ block: ResidualBlock, _ path: String, _ published: String) {
    let sequence = "\(published).conv_block"
    let second = block.dropout.rate > 0 ? 6 : 5
    add(block.first, "\(path).first", "\(sequence).1", norm: "\(sequence).2")
    add(block.second, "\(path).second", "\(sequence).\(second)")
    add(block.norm, "\(path).norm", "\(sequence).\(second + 1)")
  }

  /// Adds every weight of a layer, where there is one.
  mutating func add(_ layer: (any Module)?, _ path: String, _ published: String) {
    if let doubling = layer as? DoublingConvolution {
      return add(doubling.conv, "\(path).conv", published)
    }
    guard let layer else { return }
    let isSpectral = layer is SpectralNorm
    for (name, _) in layer.namedParameters {
      let suffix = isSpectral && name == "weight" ? "_orig" : ""
      self["\(path).\(name)"] = "\(published).\(name)\(suffix)"
    }
    for (name, _) in layer.namedBuffers {
      let short =
        switch name {
        case "u": "weight_u"
        case "v": "weight_v"
        case "runningMean": "running_mean"
        default: "running_var"
        }
      self["\(path).\(name)"] = "\(published).\(short)"
    }
  }
}
