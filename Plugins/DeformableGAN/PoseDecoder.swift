import PluginAPI

/// Doubles features up to an image, with a skip connection at every size.
struct PoseDecoder: Module {
  let blocks: [DoublingBlock]
  let last: Conv2d

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - widths: channels of the blocks, the smallest size first.
  ///   - skips: channels of the skip connections, the smallest size first; one more than blocks.
  ///   - outChannels: of the image.
  ///   - norm: of the blocks.
  ///   - dropout: rate in the first three blocks.
  init(widths: [Int], skips: [Int], _ outChannels: Int, norm: NormKind, dropout: Float) {
    blocks = widths.indices.map { index in
      let below = index == 0 ? 0 : widths[index - 1]
      return DoublingBlock(
        below + skips[index], widths[index], norm: norm, dropout: index < 3 ? dropout : 0)
    }
    last = Conv2d(
      widths[widths.count - 1] + skips[widths.count], outChannels, kernel: 3, padding: 1,
      initial: .xavierUniform(), initialBias: .zeros)
  }

  /// The image in -1...1 from skip connections, the smallest size first.
  func callAsFunction(_ skips: [Tensor], in context: CallContext) -> Tensor {
    var y = skips[0]
    for (index, block) in blocks.enumerated() {
      y = .concatenated([block(y, in: context), skips[index + 1]], axis: 3)
    }
    return last(y.relu()).tanh()
  }
}
