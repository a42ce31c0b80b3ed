import Host
import PluginAPI
import TestSupport

/// The numbers that a PyTorch program's `create` has written.
struct StepWeights {
  private let file: String
  private let tensors: [String: Tensor]

  init(file: String) throws {
    self.file = file
    tensors = try SafetensorsReader(file).tensors()
  }

  /// One array.
  func callAsFunction(_ name: String) throws -> Tensor {
    guard let tensor = tensors[name] else { throw ConfigurationError("\(file) lacks \(name)") }
    return tensor
  }

  /// Images, which the file holds as `[N, C, H, W]`.
  func images(_ name: String) throws -> Tensor {
    try self(name).permuted([0, 2, 3, 1]).evaluated()
  }

  /// Puts the numbers named `prefix.…` into a network's parameters, and first values into its buffers.
  func load(
    into network: any Module, prefix: String, named names: [String: String] = [:]
  ) throws {
    for (path, parameter) in network.namedParameters {
      parameter.value = try self("\(prefix).\(names[path] ?? path)")
    }
    for (_, buffer) in network.namedBuffers {
      buffer.value = buffer.initial == .ones ? .ones(buffer.shape) : .zeros(buffer.shape)
    }
  }
}

/// Adam with its state, for all parameters of a network.
struct AdamSteps {
  private let adam: any Optimizer
  private var states: [ObjectIdentifier: [String: Tensor]] = [:]
  private var count = 0

  init() throws {
    adam = try PluginUnderTest("Essentials").build("adam", as: (any Optimizer).self)
  }

  /// Steps each parameter that the loss reaches.
  mutating func step(_ network: any Module, _ loss: Tensor) {
    count += 1
    let parameters = network.namedParameters.map(\.parameter)
    forEachGradient(of: loss, at: parameters.map(\.value)) { index, gradient in
      let parameter = parameters[index]
      let id = ObjectIdentifier(parameter)
      var state =
        states.removeValue(forKey: id) ?? adam.initialState(for: parameter.value.detached())
      parameter.update(&state) { value, state in
        adam.step(
          value, gradient: gradient, state: &state, learningRate: adam.learningRate, count: count)
      }
      states[id] = state
    }
  }
}
