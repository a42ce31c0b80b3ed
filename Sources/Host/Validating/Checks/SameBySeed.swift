import PluginAPI

/// The same seed gives the same weights, outputs and gradients, bit for bit.
enum SameBySeed: Check {
  static let name = "seed"
  static let sentence = "The same seed gives the same bits, in a second instance and a second call."

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    var digests: [[String: String]] = []
    for instance in 0..<2 {
      let piece = try subject.smallest()
      piece.initialize()
      // The second instance is called twice: what a call leaves behind would show in the next.
      for _ in 0...instance { digests.append(try piece.digests()) }
    }
    let names = ["a second instance", "a second call"]
    for (name, digest) in zip(names, digests.dropFirst()) {
      if let changed = digests[0].keys.sorted().first(where: { digests[0][$0] != digest[$0] }) {
        return .failed(
          "\(changed) differs in \(name) under the same seed; draw from the context, "
            + "and keep nothing outside of parameters and buffers")
      }
    }
    return .passed
  }
}

extension Piece {
  /// Hashes of weights, outputs and gradients of a call in training, by name.
  func digests() throws -> [String: String] {
    let inputs = try inputs()
    let points = Values(inputs.tensors.mapValues { $0.variable() })
    let outputs = try callAsFunction(points, context(training: true))
    var result: [String: Tensor] = [:]
    for (path, tensor) in state { result["the weight \(path)"] = tensor }
    var total: Tensor?
    for name in outputs.names {
      result["the output \(name)"] = outputs[name]
      guard outputs[name].requiresGradient else { continue }
      let term = outputs[name].square().sum()
      total = total.map { $0 + term } ?? term
    }
    let leaves =
      inputs.names.map { ("the gradient of \($0)", points[$0]) }
      + (module?.namedParameters ?? []).map { ("the gradient of \($0.path)", $0.parameter.value) }
    if let total {
      for (leaf, gradient) in zip(leaves, gradients(of: total, at: leaves.map(\.1))) {
        result[leaf.0] = gradient
      }
    }
    return result.mapValues { tensor in
      var hash = ContentHash()
      hash.add(tensor.scalars())
      return hash.digits
    }
  }
}
