/// A linear map along one axis of an image: which input positions each output position mixes.
///
/// Enlarging, reducing, interpolating and averaging are all such maps, applied along H and along W; the derivative
/// is the map with inputs and outputs exchanged.
struct AxisMap {
  let inputSize: Int
  let outputSize: Int
  /// Taps `starts[i]..<starts[i + 1]` belong to output position i.
  let starts: [Int32]
  let positions: [Int32]
  let weights: [Float]

  /// Builds the map from the taps of each output position.
  init(inputSize: Int, outputSize: Int, taps: (_ output: Int) -> [(position: Int, weight: Float)]) {
    var starts: [Int32] = [0]
    var positions: [Int32] = []
    var weights: [Float] = []
    for output in 0..<outputSize {
      for tap in taps(output) {
        positions.append(Int32(tap.position))
        weights.append(tap.weight)
      }
      starts.append(Int32(positions.count))
    }
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.starts = starts
    // Never empty, so that there is an address to hand to the kernel.
    self.positions = positions.isEmpty ? [0] : positions
    self.weights = weights.isEmpty ? [0] : weights
  }

  /// The map with inputs and outputs exchanged.
  func transposed() -> AxisMap {
    var taps = [[(position: Int, weight: Float)]](repeating: [], count: inputSize)
    for output in 0..<outputSize {
      for tap in Int(starts[output])..<Int(starts[output + 1]) {
        taps[Int(positions[tap])].append((output, weights[tap]))
      }
    }
    return AxisMap(inputSize: outputSize, outputSize: inputSize) { taps[$0] }
  }
}

extension AxisMap {
  /// Output i copies input floor(i · (input / output)).
  ///
  /// In single precision, as PyTorch does: for one pair of sizes in fifty the rounded quotient chooses another pixel
  /// than whole numbers would.
  static func nearest(_ input: Int, to output: Int) -> AxisMap {
    let step = Float(input) / Float(output)
    return AxisMap(inputSize: input, outputSize: output) { i in
      [(min(Int(Float(i) * step), input - 1), 1)]
    }
  }

  /// Output i mixes its two neighbours in the input, by distance.
  ///
  /// With `alignCorners` the centres of the outermost pixels stay in place, else the outer edges of the image.
  static func linear(_ input: Int, to output: Int, alignCorners: Bool) -> AxisMap {
    AxisMap(inputSize: input, outputSize: output) { i in
      let place = max(0, position(i, input, output, alignCorners))
      let first = min(Int(place), input - 1)
      let share = Float(place - Double(first))
      if first + 1 >= input || share == 0 { return [(first, 1)] }
      return [(first, 1 - share), (first + 1, share)]
    }
  }

  /// Output i mixes its four neighbours in the input, edges repeated, by Keys' kernel with a = -0.75.
  static func cubic(_ input: Int, to output: Int, alignCorners: Bool) -> AxisMap {
    func near(_ t: Double) -> Double { (1.25 * t - 2.25) * t * t + 1 }  // 0...1
    func far(_ t: Double) -> Double { ((-0.75 * t + 3.75) * t - 6) * t + 3 }  // 1...2
    return AxisMap(inputSize: input, outputSize: output) { i in
      let place = position(i, input, output, alignCorners)
      let first = place.rounded(.down)
      let t = place - first
      let weights = [far(t + 1), near(t), near(1 - t), far(2 - t)]
      var taps: [(position: Int, weight: Float)] = []
      for (step, weight) in weights.enumerated() {
        let at = min(max(Int(first) + step - 1, 0), input - 1)
        if let last = taps.last, last.position == at {
          taps[taps.count - 1].weight += Float(weight)
        } else {
          taps.append((at, Float(weight)))
        }
      }
      return taps
    }
  }

  /// Output i is the mean of the inputs that it covers, wholly or in part.
  static func area(_ input: Int, to output: Int) -> AxisMap {
    AxisMap(inputSize: input, outputSize: output) { i in
      let covered = (i * input / output)..<(((i + 1) * input + output - 1) / output)
      return covered.map { ($0, 1 / Float(covered.count)) }
    }
  }

  /// Where the centre of output i lies among the centres of the inputs.
  private static func position(
    _ i: Int, _ input: Int, _ output: Int, _ alignCorners: Bool
  ) -> Double {
    if alignCorners { return output > 1 ? Double(i * (input - 1)) / Double(output - 1) : 0 }
    return (Double(i) + 0.5) * Double(input) / Double(output) - 0.5
  }

  /// Output i is the mean of a window of the input.
  ///
  /// Zeros in the padding count as numbers of the window if `countsPadding`.
  static func average(
    _ input: Int, kernel: Int, stride: Int, padding: Int, countsPadding: Bool
  ) -> AxisMap {
    AxisMap(inputSize: input, outputSize: (input + 2 * padding - kernel) / stride + 1) { i in
      let start = i * stride - padding
      let inside = max(0, start)..<min(input, start + kernel)
      let weight = 1 / Float(countsPadding ? kernel : inside.count)
      return inside.map { ($0, weight) }
    }
  }
}
