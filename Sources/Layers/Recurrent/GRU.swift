import Tensor

/// Gated recurrent units over sequences of different lengths, in one direction or both.
///
///     r, z = σ(W x + b + U h + c)      n = tanh(W x + b + r · (U h + c))
///     h = (1 - z) · n + z · h
///
/// Gates lie in the order r, z, n in the weights; each direction has two bias vectors, as published weights have. No
/// step beyond a sequence's end is computed; the backward direction begins at each sequence's own last step. The same
/// in training and inference, except for dropout between layers.
///
/// - Source: arXiv:1406.1078; gates as in PyTorch.
public struct GRU: Module {
  /// For each layer its directions.
  public let layers: [RecurrentDirections]
  private let cells: RecurrentLayers<GRUCell>

  /// Creates layers of cells.
  ///
  /// - Parameters:
  ///   - inputSize: the length of the input's last axis.
  ///   - hiddenSize: the length of a state.
  ///   - layers: how many layers lie on each other, at least 1.
  ///   - directions: forwards only, or both.
  ///   - bias: whether biases are added.
  ///   - dropout: the rate between layers.
  ///   - initial: the distribution of all weights; `±1/√hidden` if absent.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, directions: RecurrentReading = .forward,
    bias: Bool = true, dropout: Float = 0, initial: Initializer? = nil
  ) {
    self.layers = RecurrentDirections.layers(
      layers, inputSize, hiddenSize, gates: GRUCell.gates, directions, bias, initial)
    cells = RecurrentLayers(
      layers: self.layers.map { $0.both.map { GRUCell(weights: $0) } },
      dropout: dropout > 0 ? Dropout(dropout) : nil)
  }

  /// Reads sequences.
  ///
  /// - Parameters:
  ///   - x: `[N, L, in]`.
  ///   - lengths: `[N]`, whole numbers in 0...L, in any order; all L if absent.
  ///   - initial: the states before the first step, `[layers · directions, N, hidden]`; zeros if absent.
  ///   - context: training or inference.
  /// - Returns: `output` `[N, L, directions · hidden]`, zero behind each sequence's end; `hidden`, the states at the
  ///   ends, `[layers · directions, N, hidden]`. The end of an empty sequence is its beginning.
  public func callAsFunction(
    _ x: Tensor, lengths: Tensor? = nil, initial: Tensor? = nil, in context: CallContext
  ) -> (output: Tensor, hidden: Tensor) {
    let (output, states) = cells(x, lengths: lengths, initial: initial.map { [$0] }, in: context)
    return (output, states[0])
  }
}
