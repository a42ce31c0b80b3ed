import PluginAPI

/// The positive part.
struct ReLU: Layer {
  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor { x.relu() }
}

/// The largest number of each window, `stride` apart.
struct MaxPool: Layer {
  let kernel: Int
  let stride: Int
  let remainder: PoolRemainder

  /// - Parameters:
  ///   - kernel: side of the window.
  ///   - stride: distance between windows.
  ///   - remainder: whether pixels at the end that fill no whole window make one.
  init(_ kernel: Int, stride: Int, remainder: PoolRemainder = .dropped) {
    self.kernel = kernel
    self.stride = stride
    self.remainder = remainder
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    maxPool2d(x, kernel: Size2(kernel), stride: Size2(stride), remainder: remainder)
  }

  /// How many windows there are along a side, at least one window long.
  func outputSide(of side: Int) -> Int {
    guard side >= kernel else { return 0 }
    let room = side - kernel
    return (remainder == .kept ? (room + stride - 1) / stride : room / stride) + 1
  }
}

/// Few channels through a 1×1 convolution, then many through a 1×1 and a 3×3 one, side by side.
struct Fire: Layer {
  let squeeze: Conv2d
  let expand1x1: Conv2d
  let expand3x3: Conv2d

  /// - Parameters:
  ///   - inChannels: channels that come in.
  ///   - squeezed: channels between.
  ///   - expanded: channels of each of the two convolutions: half of what goes out.
  init(_ inChannels: Int, _ squeezed: Int, _ expanded: Int) {
    squeeze = Conv2d(inChannels, squeezed, kernel: 1)
    expand1x1 = Conv2d(squeezed, expanded, kernel: 1)
    expand3x3 = Conv2d(squeezed, expanded, kernel: 3, padding: 1)
  }

  func callAsFunction(_ x: Tensor, in context: CallContext) -> Tensor {
    let few = squeeze(x).relu()
    return .concatenated([expand1x1(few).relu(), expand3x3(few).relu()], axis: 3)
  }
}
