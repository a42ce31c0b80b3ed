import Tensor

/// The weights of one direction of one recurrent layer, and one step in time.
///
/// States are `[N, hidden]` each; the first is the output.
protocol RecurrentCell: Module {
  /// The number of gates, each with `hidden` rows of the weights.
  static var gates: Int { get }
  /// The number of states that pass from step to step.
  static var states: Int { get }
  var weights: RecurrentWeights { get }

  /// The input's share of all steps, `[R, gates · hidden]`.
  func inputs(_ x: Tensor) -> Tensor
  /// One step, from the input's share `[n, gates · hidden]` and the states before.
  func step(_ input: Tensor, _ states: [Tensor]) -> [Tensor]
}

/// What both kinds of cell have.
///
/// All are drawn from `±1/√hidden` by default.
public struct RecurrentWeights: Module {
  /// `[gates · hidden, in]`.
  public let inputWeight: Parameter
  /// `[gates · hidden, hidden]`.
  public let recurrentWeight: Parameter
  /// `[gates · hidden]`.
  public let inputBias: Parameter?
  /// `[gates · hidden]`.
  public let recurrentBias: Parameter?

  init(_ inputSize: Int, _ hiddenSize: Int, gates: Int, bias: Bool, initial: Initializer) {
    inputWeight = Parameter([gates * hiddenSize, inputSize], initial: initial)
    recurrentWeight = Parameter([gates * hiddenSize, hiddenSize], initial: initial)
    inputBias = bias ? Parameter([gates * hiddenSize], initial: initial) : nil
    recurrentBias = bias ? Parameter([gates * hiddenSize], initial: initial) : nil
  }

  var hiddenSize: Int { recurrentWeight.shape[1] }

  func inputProduct(_ x: Tensor) -> Tensor { matmul(x, inputWeight.value, transposeB: true) }

  func recurrentProduct(_ h: Tensor) -> Tensor {
    matmul(h, recurrentWeight.value, transposeB: true)
  }
}

/// Long short-term memory, gates in the order input, forget, cell, output.
struct LSTMCell: RecurrentCell {
  static let gates = 4
  static let states = 2
  let weights: RecurrentWeights

  func inputs(_ x: Tensor) -> Tensor {
    let product = weights.inputProduct(x)
    guard let a = weights.inputBias, let b = weights.recurrentBias else { return product }
    return product + (a.value + b.value)
  }

  func step(_ input: Tensor, _ states: [Tensor]) -> [Tensor] {
    let size = weights.hiddenSize
    let sum = input + weights.recurrentProduct(states[0])
    let parts = sum.split(axis: 1, sizes: [size, size, size, size])
    let (i, f, g, o) = (parts[0].sigmoid(), parts[1].sigmoid(), parts[2].tanh(), parts[3].sigmoid())
    let cell = f * states[1] + i * g
    let squashed = cell.tanh()
    let hidden = o * squashed
    // One pass; derivatives want the gates again.
    Tensor.evaluate(
      hidden.requiresGradient ? [hidden, cell, i, f, g, o, squashed] : [hidden, cell])
    return [hidden, cell]
  }
}

/// Gated recurrent unit, gates in the order reset, update, new; the new gate's recurrent bias is inside the product
/// with the reset gate.
struct GRUCell: RecurrentCell {
  static let gates = 3
  static let states = 1
  let weights: RecurrentWeights

  func inputs(_ x: Tensor) -> Tensor {
    let product = weights.inputProduct(x)
    return weights.inputBias.map { product + $0.value } ?? product
  }

  func step(_ input: Tensor, _ states: [Tensor]) -> [Tensor] {
    let size = weights.hiddenSize
    let product = weights.recurrentProduct(states[0])
    let recurrent = weights.recurrentBias.map { product + $0.value } ?? product
    let x = input.split(axis: 1, sizes: [2 * size, size])
    let h = recurrent.split(axis: 1, sizes: [2 * size, size])
    let both = (x[0] + h[0]).sigmoid()
    let reset = both.sliced(axis: 1, from: 0, to: size)
    let update = both.sliced(axis: 1, from: size, to: 2 * size)
    let new = (x[1] + reset * h[1]).tanh()
    let hidden = new + update * (states[0] - new)
    Tensor.evaluate(hidden.requiresGradient ? [hidden, new] : [hidden])
    return [hidden]
  }
}
