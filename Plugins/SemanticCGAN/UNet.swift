import PluginAPI

/// Encoder-decoder with a skip connection at every level.
///
/// Maps `[N, H, W, in]` to `[N, H, W, out]` in -1...1. Each level halves the size and the next
/// ones do the rest; on the way up, a level's input is put before what comes from below. Widths
/// are f, 2f, 4f, then 8f.
///
/// - Source: arXiv:1611.07004, appendix 6.1, with the details of its authors' PyTorch code.
struct UNet: Module {
  /// Outermost first.
  let levels: [UNetLevel]

  init(
    _ inChannels: Int, _ outChannels: Int, width: Int, levels count: Int, norm: Norm,
    dropout: Float, upsampling: Upsampling
  ) {
    precondition(count >= 5, "[UNet] \(count) levels, expected 5 or more")
    let widths = (0..<count).map { width * min(1 << $0, 8) }
    levels = (0..<count).map { level in
      UNetLevel(
        inChannels: level == 0 ? inChannels : widths[level - 1],
        inner: widths[level],
        outChannels: level == 0 ? outChannels : widths[level - 1],
        place: level == 0 ? .outermost : level == count - 1 ? .innermost : .between,
        norm: norm,
        dropout: (4..<(count - 1)).contains(level) ? dropout : 0,
        upsampling: upsampling)
    }
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    var descent = [x]
    for level in levels { descent.append(level.down(descent[descent.count - 1], in: context)) }
    var y = descent[levels.count]  // [N, H/2ⁿ, W/2ⁿ, 8f]
    for (index, level) in levels.enumerated().reversed() {
      y = level.up(y, in: context)
      // What comes from above is put first, as published weights expect.
      if index > 0 { y = .concatenated([descent[index], y], axis: 3) }
    }
    return y.tanh()
  }
}
