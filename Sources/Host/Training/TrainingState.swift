import PluginAPI

/// Moves everything that training changes between memory and checkpoints.
///
/// Groups of a checkpoint: `networks` (weights and buffers by path), `average`, and one group
/// `optimizer.<name>` a stage's optimizer, with `gradients.<name>` where some wait for a later step.
/// Random draws and the order of the data are functions of
/// seed and step, so the step is all that is kept of them.
struct TrainingState {
  let networks: Networks
  let average: MovingAverage?
  let optimizers: [String: OptimizerRunner]

  /// A checkpoint of the state after a step.
  func checkpoint(_ record: Checkpoint.Record) -> Checkpoint {
    var checkpoint = Checkpoint(record)
    var weights = Dictionary(
      uniqueKeysWithValues: networks.parameters.map { ($0.path, $0.parameter.value) })
    for (path, buffer) in networks.buffers { weights[path] = buffer.value }
    checkpoint["networks"] = weights
    if let average { checkpoint["average"] = average.values }
    var counts: [String: JSONValue] = [:]
    for (name, runner) in optimizers {
      var tensors: [String: Tensor] = [:]
      for (path, state) in runner.states {
        for (key, tensor) in state.tensors { tensors["\(path)#\(key)"] = tensor }
      }
      checkpoint["optimizer.\(name)"] = tensors
      if !runner.kept.isEmpty { checkpoint["gradients.\(name)"] = runner.kept }
      counts[name] = JSONValue(runner.states.mapValues { JSONValue($0.count) })
    }
    checkpoint.record.extra.set("optimizers", JSONValue(counts))
    return checkpoint
  }

  /// Puts a checkpoint's numbers back.
  ///
  /// - Throws: `CheckpointError` when a weight is missing or has another shape.
  func restore(_ checkpoint: Checkpoint, from path: String) throws {
    try restoreNetworks(checkpoint, from: path)
    average?.restore(checkpoint["average"])
    for (name, runner) in optimizers {
      let counts = checkpoint.record.extra["optimizers"]?[name]
      var states: [String: OptimizerRunner.State] = [:]
      for member in counts?.members ?? [] {
        states[member.key] = OptimizerRunner.State(
          count: member.value.intValue ?? 0, tensors: [:])
      }
      for (key, tensor) in checkpoint["optimizer.\(name)"] {
        guard let mark = key.lastIndex(of: "#") else { continue }
        states[String(key[..<mark])]?.tensors[String(key[key.index(after: mark)...])] = tensor
      }
      runner.states = states
      runner.kept = checkpoint["gradients.\(name)"]
    }
  }

  private func restoreNetworks(
    _ checkpoint: Checkpoint, from path: String, except parts: [String] = []
  ) throws {
    // A checkpoint holds all parts of the experiment, also where only some are built.
    let others = networks.resolution.order.filter { networks.components[$0] == nil }
    let saved = checkpoint["networks"].filter { name, _ in
      !others.contains { name.isUnder($0) }
    }
    var expected: [String: [Int]] = [:]
    for (name, parameter) in networks.parameters { expected[name] = parameter.shape }
    for (name, buffer) in networks.buffers { expected[name] = buffer.shape }
    expected = expected.filter { name, _ in !parts.contains { name.isUnder($0) } }
    let mismatch = TensorMismatch(expected: expected, found: saved.mapValues(\.shape))
    guard mismatch.isEmpty else {
      throw CheckpointError.mismatch(path: path, mismatch)
    }
    for (name, parameter) in networks.parameters {
      if let value = saved[name] { parameter.value = value }
    }
    for (name, buffer) in networks.buffers {
      if let value = saved[name] { buffer.value = value }
    }
  }

  /// The averaged weights where there are some, else the current ones, with current buffers: what
  /// one samples with. Parts of `except` are not in the checkpoint and stay as they are.
  static func restoreForSampling(
    _ networks: Networks, _ checkpoint: Checkpoint, from path: String, except parts: [String] = []
  ) throws {
    try TrainingState(networks: networks, average: nil, optimizers: [:])
      .restoreNetworks(checkpoint, from: path, except: parts)
    let averages = checkpoint["average"]
    for (name, parameter) in networks.parameters {
      if let value = averages[name] { parameter.value = value }
    }
  }
}
