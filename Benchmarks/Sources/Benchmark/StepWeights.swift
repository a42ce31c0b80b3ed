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

  /// Puts the numbers named `prefix.…` into a network's parameters and buffers; buffers that the file
  /// lacks get their first values.
  func load(
    into network: any Module, prefix: String, named names: [String: String] = [:]
  ) throws {
    for (path, parameter) in network.namedParameters {
      parameter.value = try self("\(prefix).\(names[path] ?? path)")
    }
    for (path, buffer) in network.namedBuffers {
      buffer.value =
        tensors["\(prefix).\(names[path] ?? path)"]
        ?? (buffer.initial == .ones ? .ones(buffer.shape) : .zeros(buffer.shape))
    }
  }
}

/// Adam with its state, for all parameters of some networks.
struct AdamSteps {
  private let adam: any Optimizer
  private var states: [ObjectIdentifier: [String: Tensor]] = [:]
  private var count = 0

  /// - Parameter settings: what an experiment would say of it.
  /// - Throws: what keeps it from being built.
  init(_ settings: Setting = .object([:])) throws {
    adam = try PluginUnderTest("Essentials").build("adam", settings, as: (any Optimizer).self)
  }

  /// With a rate that the file says under `adam`, and the epsilon behind the rates.
  init(_ weights: StepWeights, rate: Int, beta1: Double, beta2: Double) throws {
    let numbers = try weights("adam").scalars()
    try self.init([
      "learningRate": .number(Double(numbers[rate])), "beta1": .number(beta1),
      "beta2": .number(beta2), "epsilon": .number(Double(numbers[numbers.count - 1])),
    ])
  }

  /// Steps each parameter that the loss reaches.
  mutating func step(_ networks: any Module..., loss: Tensor) {
    count += 1
    let parameters = networks.flatMap { $0.namedParameters.map(\.parameter) }
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
