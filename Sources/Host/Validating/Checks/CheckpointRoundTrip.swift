import Foundation
import PluginAPI

/// A new instance with the old one's state, written to a checkpoint and read back, goes on as it would.
enum CheckpointRoundTrip: Check {
  static let name = "checkpoint"
  static let sentence = "Parameters, buffers and optimizer state survive a checkpoint."

  static func applies(to kind: ComponentKind) -> Bool {
    ![.dataset, .latent, .schedule, .metric, .adapter, .view, .tool].contains(kind)
  }

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let (first, second) = (try subject.smallest(), try subject.smallest())
    if let optimizer = first.workpiece.component as? any Optimizer,
      let other = second.workpiece.component as? any Optimizer
    {
      return try compare(optimizer, other, first.inputs())
    }
    first.initialize()
    for step in 0..<2 {
      let inputs = try first.inputs(purpose: "step \(step)")
      let outputs = try first(inputs, first.context(training: true, updatesBuffers: true))
      for name in outputs.names { _ = outputs[name].evaluated() }
    }
    second.initialize(seed: subject.seed &+ 1)
    second.restore(try roundTrip(first.state))
    let inputs = try first.inputs()
    for training in [false, true] {
      let expected = try first(inputs, first.context(training: training))
      let found = try second(inputs, second.context(training: training))
      for name in expected.names where !same(expected[name], found.tensor(name)) {
        throw CheckFailure(
          "\(name) is another after a checkpoint was read into a new instance"
            + (first.state.isEmpty ? ", which has no weights that are found" : "")
            + "; state lies outside of the Parameter and Buffer properties")
      }
    }
    return .passed
  }

  private static func compare(
    _ optimizer: any Optimizer, _ other: any Optimizer, _ inputs: Values
  ) throws -> CheckAnswer {
    let gradients = inputs.list("gradient")
    var (parameter, state) = (inputs["parameter"], [String: Tensor]())
    func step(_ count: Int, _ optimizer: any Optimizer, _ from: Tensor) -> Tensor {
      optimizer.step(
        from, gradient: gradients[count % gradients.count], state: &state,
        learningRate: optimizer.learningRate, count: count)
    }
    state = optimizer.initialState(for: parameter)
    for count in 1...3 { parameter = step(count, optimizer, parameter) }
    let (saved, kept) = (try roundTrip(["parameter": parameter]), try roundTrip(state))
    let expected = step(4, optimizer, parameter)
    state = kept
    let found = step(4, other, saved["parameter"] ?? parameter)
    guard same(expected, found) else {
      return .failed(
        "the step after a checkpoint is another in a new instance; state lies outside of the "
          + "dictionary")
    }
    return .passed
  }

  /// Through a file.
  private static func roundTrip(_ state: [String: Tensor]) throws -> [String: Tensor] {
    guard !state.isEmpty else { return [:] }
    let path = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var checkpoint = Checkpoint(Checkpoint.Record(step: 2, images: 4, seed: 1))
    checkpoint["component"] = state
    try checkpoint.save(to: path)
    let shapes = checkpoint.tensors.mapValues(\.shape)
    return try Checkpoint.load(path, expecting: shapes)["component"]
  }

  private static func same(_ first: Tensor, _ second: Tensor?) -> Bool {
    guard let second, first.shape == second.shape else { return false }
    return zip(first.scalars(), second.scalars()).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
