import PluginAPI

// The names weights have in checkpoints of the authors' PyTorch code. Spectral norms there call the
// raw weight `weight_orig` and their vectors `weight_u` and `weight_v`.

extension Decoder {
  /// Own path → published name, where this module lies at `path`.
  package func publishedNames(at path: String) -> [String: String] {
    var names: [String: String] = [:]
    names.add(fc, "\(path).fc", "fc")
    for (index, block) in blocks.enumerated() {
      block.addNames(to: &names, "\(path).blocks.\(index)", Self.published[index])
    }
    spare?.addNames(to: &names, "\(path).spare", "up_4")
    names.add(toImage, "\(path).toImage", "conv_img")
    return names
  }

  private static let published = [
    "head_0", "G_middle_0", "G_middle_1", "up_0", "up_1", "up_2", "up_3", "up_4",
  ]
}

extension CGBlock {
  fileprivate func addNames(
    to names: inout [String: String], _ path: String, _ published: String
  ) {
    for (own, name) in publishedNames { names["\(path).\(own)"] = "\(published).\(name)" }
  }

  /// Own path → published name within the block.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    for (own, norm, suffix) in [("0", norm0, "0"), ("1", norm1, "1"), ("S", normS, "s")] {
      guard let norm else { continue }
      for (path, name) in norm.publishedNames {
        names["norm\(own).\(path)"] = "norm_\(suffix).\(name)"
      }
    }
    names.add(conv0, "conv0", "conv_0")
    names.add(conv1, "conv1", "conv_1")
    names.add(convS, "convS", "conv_s")
    return names
  }
}

extension CGNormLayer {
  /// Own path → published name within the norm.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    names.add(layer.norm, "layer.norm", "param_free_norm")
    for (part, conv, divided, name) in [
      ("shared", layer.shared, spectral?.shared, "mlp_shared.0"),
      ("scale", layer.scale, spectral?.scale, "mlp_gamma"),
      ("shift", layer.shift, spectral?.shift, "mlp_beta"),
    ] {
      names.add(conv, "layer.\(part)", name)
      // The weight stands with the convolution, its vectors beside it.
      guard divided != nil else { continue }
      names["layer.\(part).weight"] = "\(name).weight_orig"
      for vector in ["u", "v"] { names["spectral.\(part).\(vector)"] = "\(name).weight_\(vector)" }
    }
    return names
  }
}

extension StridedEncoder {
  /// Own path → published name, where this module lies at `path`.
  package func publishedNames(at path: String) -> [String: String] {
    var names: [String: String] = [:]
    for (index, step) in steps.enumerated() {
      names.add(step.conv, "\(path).steps.\(index).conv", "layer\(index + 1).0")
      names.add(step.norm, "\(path).steps.\(index).norm", "layer\(index + 1).1")
    }
    names.add(mean, "\(path).mean", "fc_mu")
    names.add(logVariance, "\(path).logVariance", "fc_var")
    return names
  }
}

extension PatchScale {
  /// Own path → published name below `published`, where this module lies at `path`.
  package func publishedNames(at path: String, as published: String) -> [String: String] {
    var names: [String: String] = [:]
    names.add(first, "\(path).first", "\(published).model0.0")
    for (index, step) in inner.enumerated() {
      let position = step.conv is SpectralNorm ? "0.0" : "0"
      names.add(
        step.conv, "\(path).inner.\(index).conv", "\(published).model\(index + 1).\(position)")
    }
    names.add(head, "\(path).head", "\(published).model4.0")
    return names
  }
}

extension [String: String] {
  /// Adds every weight of a layer, where there is one.
  fileprivate mutating func add(_ layer: (any Module)?, _ path: String, _ published: String) {
    guard let layer else { return }
    let isSpectral = layer is SpectralNorm
    for (name, _) in layer.namedParameters {
      let short = isSpectral && name == "weight" ? "weight_orig" : name
      self["\(path).\(name)"] = "\(published).\(short)"
    }
    for (name, _) in layer.namedBuffers {
      self["\(path).\(name)"] = "\(published).\(Self.buffers[name] ?? name)"
    }
  }

  private static var buffers: [String: String] {
    [
      "runningMean": "running_mean", "runningVariance": "running_var", "u": "weight_u",
      "v": "weight_v",
    ]
  }
}
