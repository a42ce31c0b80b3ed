import PluginAPI
import Testing

@Suite("Optimizers against PyTorch")
struct OptimizerTests {
  static let cases: [(component: String, settings: Setting, reference: String)] = [
    ("adam", [:], "adam"),
    (
      "adam", ["learningRate": 0.05, "beta1": 0, "beta2": 0.9, "epsilon": 0.01], "adam-epsilon"
    ),
    ("sgd", [:], "sgd"),
    ("sgd", ["learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.01], "sgd-momentum"),
    ("sgd", ["learningRate": 0.1, "momentum": 0.8, "nesterov": true], "sgd-nesterov"),
  ]

  @Test("Five steps with given gradients", arguments: cases.indices)
  func path(_ index: Int) throws {
    let (component, settings, reference) = Self.cases[index]
    let optimizer = try Essentials.build(component, settings, as: (any Optimizer).self)
    let slopes = try Essentials.reference("step.gradients")
    let start = try Essentials.reference("step.start")
    let parameter = Parameter([6], initial: .zeros)
    parameter.value = start
    var state = optimizer.initialState(for: start)
    let names = state.keys.sorted()
    var path: [Tensor] = []
    for step in 0..<5 {
      // A gradient with a history leaves none behind.
      let gradient = slopes.sliced(axis: 0, from: step, to: step + 1).reshaped([6]).variable()
      parameter.update(&state) { value, state in
        optimizer.step(
          value, gradient: gradient, state: &state, learningRate: optimizer.learningRate,
          count: step + 1)
      }
      #expect(parameter.value.isVariable && state.values.allSatisfy { !$0.requiresGradient })
      #expect(state.keys.sorted() == names)
      path.append(parameter.value.detached())
    }
    try expect(Tensor.stacked(path, axis: 0), matches: "\(reference).path")
  }

  @Test("A schedule's rate replaces the base rate")
  func rate() throws {
    let optimizer = try Essentials.build("sgd", as: (any Optimizer).self)
    var state: [String: Tensor] = [:]
    let moved = optimizer.step(
      Tensor([1, 2], [2]), gradient: Tensor([10, -10], [2]), state: &state, learningRate: 0.5,
      count: 1)
    #expect(moved.scalars() == [-4, 7])
  }
}
