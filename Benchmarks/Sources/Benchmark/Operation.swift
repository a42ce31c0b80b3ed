import Foundation
import Layers
import PluginAPI
import Tensor
import TestSupport

/// The op of a row, as a function of its inputs.
final class Operation {
  private let row: Row
  private let spectral: SpectralNorm?
  private let lstm: LSTM?
  private let lengths: Tensor?
  private var adam: AdamRow?
  private var copied: [Float] = []

  init(_ row: Row) {
    self.row = row
    guard let shape = row.inputs.first?.shape else { fatalError("\(row.name) has no inputs") }
    spectral = row.op == "spectralNorm" ? Operation.spectralNorm(shape) : nil
    lstm = row.op == "lstm" ? Operation.lstm(shape[2], row.hidden ?? 1) : nil
    lengths =
      lstm.map { _ in
        Tensor((0..<shape[0]).map { Float(shape[1] - $0 / 2) }, [shape[0]])
      }
    adam = row.op == "adam" ? AdamRow(shape, count: row.tensors ?? 1) : nil
    if row.op == "copy" { copied = Array(repeating: 0, count: shape.reduce(1, *)) }
  }

  /// The result, and where it can be differentiated.
  func callAsFunction(_ x: [Tensor]) -> (output: Tensor, variables: [Tensor]) {
    let context = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "row", step: 1)
    if let lstm {
      let output = lstm(x[0], lengths: lengths, in: context).output
      return (output, [x[0]] + lstm.namedParameters.map(\.parameter.value))
    }
    if let spectral {
      spectral.weight.value = x[0]
      return (spectral.normalizedWeight(in: context), [spectral.weight.value])
    }
    return (result(x), x.filter(\.isVariable))
  }

  private func result(_ x: [Tensor]) -> Tensor {
    let padding = Size2(row.padding ?? 0)
    switch row.op {
    case "convolution":
      return conv2d(
        x[0], x[1], stride: Size2(row.stride ?? 1), padding: padding, groups: row.groups ?? 1)
    case "transposedConvolution":
      return convTransposed2d(x[0], x[1], stride: Size2(row.stride ?? 1), padding: padding)
    case "labelConvolution":
      return conv2d(x[0].oneHot(classes: row.classes ?? 1), x[1], padding: padding)
    case "upsampledConvolution":
      return conv2d(upsampleNearest(x[0], factor: 2), x[1], padding: padding)
    case "modulatedNorm": return (normalized(x[0], [0, 1, 2]) * (1 + x[1]) + x[2]).leakyRelu(0.2)
    case "maskedNorm":
      return (normalized(x[0], [0, 1, 2]) * (1 + x[3] * x[1]) + x[3] * x[2]).relu()
    case "instanceNorm": return normalized(x[0], [1, 2]).relu()
    case "attention":
      return matmul(matmul(x[0], x[1], transposeB: true).softmax(), x[1])
    case "product": return matmul(x[0], x[1])
    case "hinge": return (1 - x[0]).relu().mean() + (1 + x[1]).relu().mean()
    case "crossEntropy": return (-x[0]).softplus().mean() + x[1].softplus().mean()
    case "absoluteDifference": return (x[0] - x[1]).abs().mean()
    case "adam": return adam?.step(gradient: x[0]) ?? x[0]
    case "pass1": return (x[0] * 1.5 + 0.5).leakyRelu(0.2)
    case "pass2": return (x[0] * x[1] + 0.5).leakyRelu(0.2)
    case "pass4": return (x[0] * x[1] + x[2] * x[3]).relu()
    case "copy": return copy(x[0])
    default: fatalError("there is no op \(row.op)")
    }
  }

  private func normalized(_ x: Tensor, _ axes: [Int]) -> Tensor {
    standardized(x, axes: axes, epsilon: 1e-5).output
  }

  private static func spectralNorm(_ shape: [Int]) -> SpectralNorm {
    let layer = SpectralNorm(Conv2d(shape[1], shape[0], kernel: Size2(shape[2], shape[3])))
    let u = Tensor(Input.numbers(shape[0], seed: 7), [shape[0]])
    layer.u.value = (u / u.norm()).evaluated()
    layer.v.value = .zeros(layer.v.shape)  // the first iteration replaces it
    return layer
  }

  /// Reads both ways; its weights are the same numbers as the PyTorch program's.
  private static func lstm(_ size: Int, _ hidden: Int) -> LSTM {
    let layer = LSTM(size, hidden, directions: .bidirectional)
    let scale = 1 / Float(hidden).squareRoot()
    for (index, entry) in layer.namedParameters.enumerated() {
      let numbers = Input.numbers(entry.parameter.count, seed: 10 + index, scale: scale)
      entry.parameter.value = Tensor(numbers, entry.parameter.shape)
    }
    return layer
  }

  /// What the memory allows: halves copied by the system on all threads.
  private func copy(_ x: Tensor) -> Tensor {
    let threads = Compute.threads
    x.withScalars { source in
      copied.withUnsafeMutableBufferPointer { target in
        nonisolated(unsafe) let (from, to) = (source, target)
        DispatchQueue.concurrentPerform(iterations: threads) { part in
          let range = (from.count * part / threads)..<(from.count * (part + 1) / threads)
          _ = UnsafeMutableBufferPointer(rebasing: to[range])
            .update(fromContentsOf: UnsafeBufferPointer(rebasing: from[range]))
        }
      }
    }
    return x
  }
}

/// Adam on several parameters of one shape.
private final class AdamRow {
  private let adam: any Optimizer
  private let parameters: [Parameter]
  private var states: [[String: Tensor]]
  private var count = 0

  init(_ shape: [Int], count: Int) {
    guard let adam = try? PluginUnderTest("Essentials").build("adam", as: (any Optimizer).self)
    else { fatalError("essentials/adam cannot be built") }
    self.adam = adam
    let numbers = Input.numbers(shape.reduce(1, *), seed: 2)
    parameters = (0..<count).map { _ in Parameter(shape, initial: .zeros) }
    for parameter in parameters { parameter.value = Tensor(numbers, shape) }
    states = parameters.map { adam.initialState(for: $0.value.detached()) }
  }

  func step(gradient: Tensor) -> Tensor {
    count += 1
    for index in parameters.indices {
      parameters[index].update(&states[index]) { value, state in
        adam.step(
          value, gradient: gradient.detached(), state: &state, learningRate: 2e-4, count: count)
      }
    }
    return parameters[0].value.detached()
  }
}
