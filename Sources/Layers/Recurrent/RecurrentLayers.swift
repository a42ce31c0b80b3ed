import Tensor

/// Layers of cells over time, one direction or both: what LSTM and GRU share.
struct RecurrentLayers<Cell: RecurrentCell> {
  /// For each layer its cells: forward, and backward where there are two directions.
  let layers: [[Cell]]
  let dropout: Dropout?

  /// Runs all layers.
  ///
  /// - Parameters:
  ///   - x: `[N, L, in]`.
  ///   - lengths: `[N]`, or absent where all are L.
  ///   - initial: for each state `[layers · directions, N, hidden]`, or absent for zeros.
  ///   - context: for the dropout between layers.
  /// - Returns: `[N, L, directions · hidden]`, and the final states in the layout of `initial`.
  func callAsFunction(
    _ x: Tensor, lengths: Tensor?, initial: [Tensor]?, in context: CallContext
  ) -> (output: Tensor, states: [Tensor]) {
    let name = "\(Cell.self)"
    precondition(x.rank == 3, "[\(name)] x \(x.shape), expected [N, L, in]")
    let (count, length) = (x.shape[0], x.shape[1])
    precondition(
      lengths.map { $0.shape == [count] } ?? true,
      "[\(name)] lengths \(lengths?.shape ?? []) for x \(x.shape), expected [\(count)]")
    let numbers = lengths?.scalars() ?? [Float](repeating: Float(length), count: count)
    precondition(
      numbers.allSatisfy { $0 >= 0 && $0 <= Float(length) && $0 == $0.rounded() },
      "[\(name)] lengths \(numbers), expected whole numbers in 0...\(length)")
    let sequences = PackedSequences(lengths: numbers.map { Int($0) }, paddedLength: length)

    var rows = sequences.packed(x)
    var ends = [[Tensor]](repeating: [], count: Cell.states)
    for (index, cells) in layers.enumerated() {
      if index > 0, let dropout { rows = dropout(rows, in: context) }
      let input = rows
      let results = zip(cells, PackedSequences.Direction.allCases).enumerated().map {
        position, pair in
        let start = startStates(initial, index * cells.count + position, sequences, pair.0)
        return run(pair.0, pair.1, input, start, sequences)
      }
      rows = Tensor.concatenated(results.map(\.output), axis: 1)
      for result in results {
        for state in 0..<Cell.states { ends[state].append(result.ends[state]) }
      }
    }
    return (sequences.padded(rows), ends.map { Tensor.stacked($0) })
  }

  private func startStates(
    _ initial: [Tensor]?, _ index: Int, _ sequences: PackedSequences, _ cell: Cell
  ) -> [Tensor] {
    let shape = [sequences.count, cell.weights.hiddenSize]
    guard let initial else { return (0..<Cell.states).map { _ in .zeros(shape) } }
    return initial.map { states in
      precondition(
        states.rank == 3 && states.shape[0] == layers.count * layers[0].count
          && Array(states.shape.dropFirst()) == shape,
        "[\(Cell.self)] initial states \(states.shape), expected [layers · directions] + \(shape)")
      return sequences.sorted(states.sliced(axis: 0, from: index, to: index + 1).squeezed(0))
    }
  }

  /// One direction of one layer.
  private func run(
    _ cell: Cell, _ direction: PackedSequences.Direction, _ x: Tensor, _ initial: [Tensor],
    _ sequences: PackedSequences
  ) -> (output: Tensor, ends: [Tensor]) {
    let inputs = cell.inputs(x).evaluated()
    var states = initial.map { $0.sliced(axis: 0, from: 0, to: 0) }
    if direction == .forward { states = initial }
    var steps = [[Tensor]](repeating: [], count: sequences.times)
    let times = Array(0..<sequences.times)
    for time in direction == .forward ? times : times.reversed() {
      let range = sequences.rows(time)
      states = zip(states, initial).map { $0.resized(to: range.count, from: $1) }
      let input = inputs.sliced(axis: 0, from: range.lowerBound, to: range.upperBound)
      states = cell.step(input, states)
      steps[time] = states
    }
    let rows = (0..<Cell.states).map { state in
      steps.isEmpty
        ? initial[state].sliced(axis: 0, from: 0, to: 0)
        : Tensor.concatenated(steps.map { $0[state] }, axis: 0)
    }
    let ends = zip(rows, initial).map { sequences.ends(of: $0, initial: $1, direction) }
    return (rows[0], ends)
  }
}

extension Tensor {
  /// The states of the sequences that run at the next time: fewer than before, or more, which begin.
  fileprivate func resized(to count: Int, from initial: Tensor) -> Tensor {
    let before = shape[0]
    if count <= before { return sliced(axis: 0, from: 0, to: count) }
    return Tensor.concatenated([self, initial.sliced(axis: 0, from: before, to: count)], axis: 0)
  }
}
