import PluginAPI

/// A generator at half the size, and layers at full size around its features.
///
///     y₀ = global(reduced image)      without its last layer
///     yₙ = up(blocks(down(x) + yₙ₋₁)),  each n at twice the size;  image = tanh(last(y))
///
/// - Source: arXiv:1711.11585, section 3.1 and its authors' code.
struct LocalEnhancer: Module {
  /// The layers at one size.
  struct Level: Module {
    let first: ConvolutionStep
    let down: ConvolutionStep
    let blocks: [ResidualBlock]
    let up: ConvolutionStep

    init(_ inChannels: Int, width: Int, blocks count: Int, norm: Norm) {
      first = ConvolutionStep(
        Conv2d(
          inChannels, width, kernel: 7, padding: 3, paddingMode: .reflect, bias: norm.keepsBias,
          initial: initialWeight, initialBias: .zeros),
        norm.layer(width))
      down = ConvolutionStep(
        Conv2d(
          width, 2 * width, kernel: 3, stride: 2, padding: 1, bias: norm.keepsBias,
          initial: initialWeight, initialBias: .zeros),
        norm.layer(2 * width))
      blocks = (0..<count).map { _ in ResidualBlock(2 * width, norm: norm) }
      up = ConvolutionStep(
        Upsampling.transposed.layer(2 * width, width, transposedKernel: 3, bias: norm.keepsBias),
        norm.layer(width))
    }

    /// Adds what comes from half the size, `[N, H/2, W/2, 2·width]`, and gives `[N, H, W, width]`.
    func callAsFunction(_ x: Tensor, _ below: Tensor, in context: CallContext) -> Tensor {
      var y = down(first(x, in: context), in: context) + below
      for block in blocks { y = block(y, in: context) }
      return up(y, in: context)
    }
  }

  let global: ResNet
  /// The smallest size first.
  let levels: [Level]
  let last: Conv2d

  /// Creates the networks; `width` is that at full size and doubles with each level down.
  init(
    _ inChannels: Int, _ outChannels: Int, width: Int, levels count: Int, halvings: Int,
    blocks: Int, localBlocks: Int, norm: Norm
  ) {
    global = ResNet(
      inChannels, nil, width: width << count, halvings: halvings, blocks: blocks, norm: norm)
    levels = (0..<count).reversed().map { level in
      Level(inChannels, width: width << level, blocks: localBlocks, norm: norm)
    }
    last = Conv2d(
      width, outChannels, kernel: 7, padding: 3, paddingMode: .reflect, initial: initialWeight,
      initialBias: .zeros)
  }

  /// Maps `[N, H, W, in]` to `[N, H, W, out]` in -1...1.
  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    var reduced = [x]  // the full size first
    for _ in levels {
      let largest = reduced[reduced.count - 1]
      reduced.append(
        avgPool2d(largest, kernel: 3, stride: 2, padding: 1, countsPadding: false))
    }
    var y = global(reduced[levels.count], in: context)
    for (index, level) in levels.enumerated() {
      y = level(reduced[levels.count - 1 - index], y, in: context)
    }
    return last(y).tanh()
  }

  /// The networks' names in the authors' checkpoints: `model` and, for level n, `model<n>_1` and `_2`.
  func publishedNames(below path: String) -> [String: String] {
    var names = global.publishedNames(below: "\(path).global")
    for (index, level) in levels.enumerated() {
      let (own, before) = ("\(path).levels.\(index)", "model\(index + 1)_1")
      let after = "model\(index + 1)_2"
      names.add(level.first, "\(own).first", "\(before).1", norm: "\(before).2")
      names.add(level.down, "\(own).down", "\(before).4", norm: "\(before).5")
      for (place, block) in level.blocks.enumerated() {
        names.add(block, "\(own).blocks.\(place)", "\(after).\(place)")
      }
      let place = level.blocks.count
      names.add(level.up, "\(own).up", "\(after).\(place)", norm: "\(after).\(place + 1)")
      if index == levels.count - 1 { names.add(last, "\(path).last", "\(after).\(place + 4)") }
    }
    return names
  }
}
