import PluginAPI

/// A call that may not update buffers leaves every buffer and parameter as it is.
enum SamplingMovesNothing: Check {
  static let name = "sampling"
  static let sentence = "Sampling moves no buffer and no parameter."

  static func applies(to kind: ComponentKind) -> Bool {
    [.generator, .discriminator, .encoder, .perceptor, .loss].contains(kind)
  }

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let piece = try subject.smallest()
    piece.initialize()
    let before = piece.state.mapValues { $0.scalars() }
    guard !before.isEmpty else { return .skipped("it has no weights") }
    let inputs = try piece.inputs()
    for training in [false, true] {
      let outputs = try withoutGradient {
        try piece(inputs, piece.context(training: training, updatesBuffers: false))
      }
      for name in outputs.names { _ = outputs[name].evaluated() }
      for (path, value) in piece.state.sorted(by: { $0.key < $1.key })
      where value.scalars() != before[path] {
        throw CheckFailure(
          "\(path) moved in a call with updatesBuffers false"
            + (training ? ", in training" : "") + "; ask `context.updatesBuffers` before")
      }
    }
    return .passed
  }
}
