import ArgumentParser

/// `workbench profile`.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Show where the time and memory of an experiment's training step go.",
    discussion: """
      Takes real training steps, of the adversarial stage or the last one, and writes no run. Each \
      op is timed and given to the part it works for:

        forward     what a part computes when it is called: networks, losses, optimizers, adapters
        backward    derivatives, given to the part whose forward pass recorded the op

      Element-wise ops are not computed when they are written down but later, many in one pass over \
      memory, when a convolution, a product or a sum needs the numbers. Such a pass belongs to the \
      part that wrote the first of its results, though ops of the part before it may run in it. A \
      kind of op, convolution or fused pass, is exact. "MiB moved" counts each array that an op \
      reads or writes once. "Between ops" is the time in which no op ran: recording, planning.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Option(help: "How many steps to measure, after two to warm up.")
  var steps = 5

  @Flag(help: "Print JSON, with seconds and bytes of one step.")
  var json = false

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps is \(steps), expected at least 1.") }
  }

  func run() throws {
    try reporting {
      let profile = try StepProfile(experiment.open().resolution, steps: steps)
      print(json ? profile.json.text() : profile.text)
    }
  }
}
