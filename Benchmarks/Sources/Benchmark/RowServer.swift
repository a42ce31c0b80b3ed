import Foundation
import Tensor

/// Times single ops: reads lines `{"name": …, "seconds": …}`, answers each with one object.
struct RowServer {
  private let rows: [String: Row]

  init(file: String) throws {
    let list = try JSONDecoder().decode([Row].self, from: Data(contentsOf: URL(filePath: file)))
    rows = Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) })
  }

  func run() throws {
    while let line = readLine() {
      let wanted = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
      guard let row = rows[wanted.name] else { fatalError("there is no row \(wanted.name)") }
      try Meter.print(row.timed(seconds: wanted.seconds))
    }
  }

  private struct Request: Decodable {
    let name: String
    let seconds: Double
  }
}

extension Row {
  /// Medians of the forward pass and of forward and backward together, and what proves that the
  /// peer does the same: the mean absolute value of the result and of each gradient.
  func timed(seconds: Double) -> [String: Any] {
    let operation = Operation(self)
    let made = inputs.enumerated().map { index, input in
      input.kind == .labels
        ? Input.labels(input.shape.reduce(1, *), seed: index + 1, classes: classes ?? 1)
        : input.numbers(seed: index + 1)
    }
    // Weights are new in every round, as after an optimizer's step.
    var kept: [Int: Tensor] = [:]
    func fresh() -> [Tensor] {
      inputs.indices.map { index in
        if inputs[index].kind != .weight, let tensor = kept[index] { return tensor }
        let tensor = Tensor(made[index], inputs[index].shape)
        kept[index] = inputs[index].hasGradient ? tensor.variable() : tensor
        return kept[index] ?? tensor
      }
    }
    let (first, variables) = operation(fresh())
    let cotangent =
      first.count == 1 ? nil : Tensor(Input.numbers(first.count, seed: 99), first.shape)
    func derivatives(_ output: Tensor, _ variables: [Tensor]) -> [Tensor] {
      gradients(of: output, cotangent: cotangent, at: variables).compactMap(\.self)
    }
    var checks = [Row.size(first)]
    if hasBackward { checks += derivatives(first, variables).map(Row.size) }

    let forward = Row.median(seconds: hasBackward ? seconds / 3 : seconds, fresh) { inputs in
      _ = operation(inputs).output.evaluated()
    }
    var answer: [String: Any] = ["name": name, "forward": forward, "checks": checks]
    if hasBackward {
      answer["training"] = Row.median(seconds: seconds * 2 / 3, fresh) { inputs in
        let (output, variables) = operation(inputs)
        Tensor.evaluate([output] + derivatives(output, variables))
      }
    }
    return answer
  }

  private static func size(_ tensor: Tensor) -> Float { tensor.abs().mean().item() }

  private static func median(
    seconds limit: Double, _ prepare: () -> [Tensor], _ body: ([Tensor]) -> Void
  ) -> Double {
    body(prepare())
    var found: [Double] = []
    let begin = Meter.now
    while found.count < 3 || (Meter.now - begin < limit && found.count < 1000) {
      let inputs = prepare()
      let start = Meter.now
      body(inputs)
      found.append(Meter.now - start)
    }
    return found.sorted()[found.count / 2]
  }
}
