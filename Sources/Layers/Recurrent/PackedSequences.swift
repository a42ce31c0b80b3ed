import Tensor

/// Sequences of different lengths, as rows of one matrix ordered by time.
///
/// Row r is a step of one sequence: first all first steps, longest sequence first, then all second steps, and so on.
/// The sequences still running at time t are rows `starts[t] ..< starts[t + 1]`, a prefix of those at time t - 1, so
/// a recurrent layer never computes a step that does not exist. Lengths may be 0.
struct PackedSequences {
  /// How many sequences, N.
  let count: Int
  /// The length of the padded form, L.
  let paddedLength: Int
  /// Where each time's rows begin, and where the last one's end.
  let starts: [Int]
  /// Sequences by decreasing length, equal ones as they stood.
  private let order: [Int]
  private let lengths: [Int]
  /// For each row its place in the padded form, seen as `[N·L, ...]`.
  private let places: Tensor

  /// - Parameters:
  ///   - lengths: one for each sequence, in 0...paddedLength.
  ///   - paddedLength: the length of the padded form.
  init(lengths: [Int], paddedLength: Int) {
    count = lengths.count
    self.lengths = lengths
    self.paddedLength = paddedLength
    let order = lengths.indices.sorted { i, j in
      lengths[i] == lengths[j] ? i < j : lengths[i] > lengths[j]
    }
    self.order = order
    var places: [Float] = []
    var starts = [0]
    for time in 0..<(lengths.max() ?? 0) {
      for sequence in order where lengths[sequence] > time {
        places.append(Float(sequence * paddedLength + time))
      }
      starts.append(places.count)
    }
    self.starts = starts
    self.places = Tensor(places, [places.count])
  }

  /// The number of times, that is, the greatest length.
  var times: Int { starts.count - 1 }

  /// The rows of a time.
  func rows(_ time: Int) -> Range<Int> { starts[time]..<starts[time + 1] }

  /// `[N, L, C]` as rows `[R, C]`.
  func packed(_ x: Tensor) -> Tensor {
    x.reshaped([count * paddedLength, x.shape[2]]).gathered(rows: places)
  }

  /// Rows `[R, C]` as `[N, L, C]`, zero behind each sequence's end.
  func padded(_ rows: Tensor) -> Tensor {
    rows.scatterAdded(to: places, rows: count * paddedLength)
      .reshaped([count, paddedLength, rows.shape[1]])
  }

  /// `[N, C]` with the longest sequence first.
  func sorted(_ states: Tensor) -> Tensor {
    states.gathered(rows: Tensor(order.map { Float($0) }, [count]))
  }

  /// Picks the states in which the sequences end, in their own order.
  ///
  /// - Parameters:
  ///   - rows: `[R, C]`, the state after each step.
  ///   - initial: `[N, C]`, sorted; the end of sequences of no step.
  ///   - direction: whether time ran forwards, to each sequence's own last step, or backwards to its first.
  /// - Returns: `[N, C]`.
  func ends(of rows: Tensor, initial: Tensor, _ direction: Direction) -> Tensor {
    var sources = [Float](repeating: 0, count: count)
    for (position, sequence) in order.enumerated() {
      let length = lengths[sequence]
      let time = direction == .forward ? length - 1 : 0
      sources[sequence] = Float(position + (length == 0 ? starts[times] : starts[time]))
    }
    return Tensor.concatenated([rows, initial], axis: 0).gathered(rows: Tensor(sources, [count]))
  }

  /// In which order a recurrent layer reads the steps.
  enum Direction: CaseIterable { case forward, backward }
}
