import PluginAPI

/// A NaN that goes in comes out, or stops the call; it is not swallowed.
enum NaNNoticed: Check {
  static let name = "nan"
  static let sentence = "NaN inputs reach an output or stop with a message."
  static let mayStop = true

  static func applies(to kind: ComponentKind) -> Bool {
    ![.dataset, .latent, .schedule, .tool].contains(kind)
  }

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let piece = try subject.smallest()
    piece.initialize()
    let inputs = try piece.inputs()
    guard let probe else {
      let names = piece.realInputs(inputs)
      return names.isEmpty ? .skipped("nothing that goes in is a real number") : .probes(names)
    }
    let clean = try piece(inputs, piece.context(training: false))
    for name in clean.names { _ = clean[name].evaluated() }
    let spoilt = Values(
      Dictionary(
        uniqueKeysWithValues: inputs.tensors.map { name, tensor in
          let isSpoilt = piece.isContinuous(name) && (name == probe || name.hasPrefix(probe + "."))
          return (name, isSpoilt ? tensor.withFirstSampleNaN : tensor)
        }))
    CheckAnswer.announce()
    let outputs = try piece(spoilt, piece.context(training: false))
    let isNoticed = outputs.names.contains { !outputs[$0].scalars().allSatisfy(\.isFinite) }
    return isNoticed ? .passed : .failed("a sample of NaN leaves every output finite")
  }
}

extension Piece {
  /// The inputs into which a NaN is put, one after the other: ports, not their parts.
  fileprivate func realInputs(_ inputs: Values) -> [String] {
    switch subject.kind {
    case .regularizer: return ["critic"]
    case .adversarialLoss:
      guard let type = subject.description.type as? any AdversarialLoss.Type else { return [] }
      return Set(type.discriminatorJudgements + type.generatorJudgements).map(\.rawValue).sorted()
    case .optimizer: return ["parameter", "gradient"]
    default:
      let names = inputs.names.filter { isContinuous($0) }.map { name in
        workpiece.consumed.first { name.hasPrefix($0.name + ".") }?.name
          ?? (subject.kind == .adapter ? String(name.prefix { $0 != "." }) : name)
      }
      return Set(names).sorted()
    }
  }
}

extension Tensor {
  /// The tensor with NaN for all of its first sample.
  fileprivate var withFirstSampleNaN: Tensor {
    var values = scalars()
    let count = rank == 0 ? 1 : values.count / shape[0]
    for index in 0..<count { values[index] = .nan }
    return Tensor(values, shape)
  }
}
