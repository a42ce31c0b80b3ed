import ArgumentParser

/// `workbench resolve`.
struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Check an experiment completely, without training, and show what it resolved to.",
    discussion: """
      Finds every part, checks every setting, and matches what each part consumes with what the \
      others provide. All faults are reported at once, each with its line and what would repair it.
      """)

  @OptionGroup var experiment: ExperimentArguments

  @Flag(help: "Print the experiment with every default filled in, as JSON.")
  var json = false

  func run() throws {
    try reporting {
      let open = try experiment.open()
      try Networks.check(open.resolution, in: open.root)
      print(json ? RunRecord(open).experiment.text() : ResolutionTable(open.resolution).text)
    }
  }
}
