import PluginAPI

extension Port {
  /// Random values of a port whose sizes are known, in the engine's layout: what a call can be
  /// tried with.
  ///
  /// - Returns: a batch, or `nil` where a size is missing.
  func example(count: Int, using random: inout RandomStream) -> Values? {
    func map(_ channels: Int?) -> Tensor? {
      guard let height = self["height"], let width = self["width"], let channels else { return nil }
      return .uniform([count, height, width, channels], in: -1...1, using: &random)
    }
    func whole(_ shape: [Int], below limit: Int) -> Tensor {
      (Tensor.uniform(shape, using: &random) * Float(limit)).floor().clamp(
        min: 0, max: Float(limit - 1)
      ).evaluated()
    }
    func share(_ channels: Int?) -> Tensor? { map(channels).map { ($0 + 1) * 0.5 } }
    func one(_ tensor: Tensor?) -> Values? { tensor.map { [name: $0] } }

    switch kind {
    case .image: return one(map(self["channels"] ?? 3))
    case .segmentation: return one(map(self["classes"]))
    case .classPlanes:
      guard let classes = self["classes"], let height = self["height"], let width = self["width"]
      else { return nil }
      return [name: whole([count, height, width], below: classes).oneHot(classes: classes)]
    case .labelMap, .instanceMap:
      guard let height = self["height"], let width = self["width"] else { return nil }
      return [name: whole([count, height, width], below: self["classes"] ?? 4)]
    case .mask: return one(share(1))
    case .edges: return one(share(1)?.rounded01())
    case .poseMaps: return one(share(self["classes"]))
    case .partMasks: return one(share(self["parts"]))
    case .caption, .attributeList:
      guard let vocabulary = self["vocabulary"] else { return nil }
      let length = self["maxLength"] ?? 5
      return [
        "\(name).tokens": whole([count, length], below: max(vocabulary - 1, 1)) + 1,
        "\(name).lengths": .full(Float(length), [count]),
      ]
    case .words:
      guard let size = self["size"] else { return nil }
      let length = self["maxLength"] ?? 5
      return [
        "\(name).features": .normal([count, length, size], using: &random),
        "\(name).lengths": .full(Float(length), [count]),
      ]
    case .sentence: return one(self["size"].map { .normal([count, $0], using: &random) })
    case .latent: return one(latent(count, &random))
    case .posterior:
      guard let mean = latent(count, &random), let variance = latent(count, &random) else {
        return nil
      }
      return ["\(name).mean": mean, "\(name).logVariance": variance]
    case .classLabel: return one(self["classes"].map { whole([count], below: $0) })
    case .attributes: return one(self["count"].map { whole([count, $0], below: 2) })
    case .keypoints:
      guard let points = self["count"] else { return nil }
      return [
        "\(name).x": whole([count, points], below: 8),
        "\(name).y": whole([count, points], below: 8),
        "\(name).visible": .ones([count, points]),
      ]
    case .boxes: return one(self["max"].map { whole([count, $0, 4], below: 8) })
    case .partTransforms:
      let identity = Tensor([1, 0, 0, 0, 1, 0, 0, 0], [1, 1, 8])
      return one(self["parts"].map { identity.broadcast(to: [count, $0, 8]) })
    case .instances:
      guard let masks = share(self["max"]), let most = self["max"] else { return nil }
      return [
        "\(name).masks": masks.rounded01(),
        "\(name).classes": whole([count, most], below: self["classes"] ?? 4),
        "\(name).valid": .ones([count, most]),
      ]
    case .attentionMaps:
      var values = Values()
      values.set(
        name, (0..<(self["layers"] ?? 1)).map { _ in .uniform([count, 8, 8, 1], using: &random) })
      return values
    case .features, .logits:
      var values = Values()
      let parts = self[kind == .features ? "layers" : "count"] ?? 1
      values.set(
        name,
        (0..<parts).map { .normal([count, 8 >> min($0, 2), 8 >> min($0, 2), 3], using: &random) })
      return values
    default: return nil
    }
  }

  private func latent(_ count: Int, _ random: inout RandomStream) -> Tensor? {
    if let size = self["size"] { return .normal([count, size], using: &random) }
    guard let height = self["height"], let width = self["width"], let channels = self["channels"]
    else { return nil }
    return .normal([count, height, width, channels], using: &random)
  }
}

extension Tensor {
  fileprivate func rounded01() -> Tensor { self .> 0.5 }
}
