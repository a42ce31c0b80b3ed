import ArgumentParser
import Foundation
import PluginAPI

/// `workbench doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the machine, the plugins, and the data that an experiment names.",
    discussion: """
      The machine: processor, threads, libraries and their versions, and variables that make \
      programs slow. The plugins: which can be used, and what is wrong with the others. The data, \
      where an experiment is given: every sample is read and compared with what the dataset \
      promises: sizes, ranges, labels, captions; what is wrong is shown with its file. Ends with \
      status 1 where something will not work.
      """)

  @Argument(help: "An experiment whose data is to be looked at.")
  var file: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change a value of the file, such as dataset.with.folder=PATH. May be repeated.",
      valueName: "path=value"))
  var overrides: [String] = []

  @Option(help: "Samples of each split that are looked at, at most, spread evenly.")
  var samples = 2000

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if file == nil, !overrides.isEmpty { throw ValidationError("--set needs an experiment.") }
    if samples < 1 { throw ValidationError("--samples \(samples) is below 1.") }
  }

  func run() throws {
    try reporting {
      var sections = [("Machine", MachineCheck().findings), ("Plugins", plugins())]
      if !json { sections.forEach(show) }
      if let file {
        let data = ("Data of \(file)", self.data(file))
        sections.append(data)
        if !json { show(data) }
      }
      let all = sections.flatMap(\.1)
      if json {
        print(
          JSONValue(
            .object(sections.map { .init($0.0, JSONValue($0.1.map(\.json))) })
          ).text())
      } else {
        print("\n" + summary(all))
      }
      if all.contains(where: { $0.level == .fault }) { throw ExitCode.failure }
    }
  }

  private func show(_ section: (title: String, findings: [Finding])) {
    print("\(section.title)\n\(section.findings.text)")
  }

  private func summary(_ findings: [Finding]) -> String {
    let faults = findings.filter { $0.level == .fault }.count
    let warnings = findings.filter { $0.level == .warning }.count
    guard faults + warnings > 0 else { return "All is well." }
    return [(faults, "fault"), (warnings, "warning")].filter { $0.0 > 0 }
      .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }

  private func plugins() -> [Finding] {
    let catalog = PluginCatalog()
    let described = catalog.listings.compactMap { listing in
      listing.summary.map { plugin -> Finding in
        let count = plugin.components.count
        return Finding(
          plugin.id,
          "\(plugin.version), \(count) component\(count == 1 ? "" : "s"), \(listing.path)")
      }
    }
    let refused = catalog.faults.map { fault in
      Finding(
        fault.subject, "\(fault.fault.problem): found \(fault.found), expected \(fault.expected)",
        .fault, cure: fault.fault.cure)
    }
    return described + refused
      + (described.isEmpty
        ? [Finding("plugins", "none can be used", .fault, cure: "make builds the workbench's own")]
        : [])
  }

  /// What is wrong with the experiment, or with its dataset.
  private func data(_ file: String) -> [Finding] {
    let open: OpenExperiment
    do {
      open = try OpenExperiment(file: file, overrides: overrides)
    } catch let faults as Diagnostics {
      return faults.faults.map { Finding("experiment", $0.located, .fault) }
    } catch {
      return [Finding("experiment", "\(error)", .fault)]
    }
    guard let part = open.resolution.parts["dataset"] else { return [] }
    let uses = Finding("dataset", part.part.use)
    do {
      let built = try Networks.slot(
        ComponentReference(part.part.use, with: part.settings),
        open.resolution.portContext(for: part), open.resolution.catalog, [:])
      guard let dataset = built as? any Dataset else { return [uses] }
      let line = ProgressLine()
      let check = DataCheck(dataset: dataset, ports: part.provided, limit: samples)
      let findings = check.findings { text in if !json { line.show(text) } }
      line.clear()
      return [uses] + findings
    } catch {
      return [uses, Finding("dataset", "\(error)", .fault)]
    }
  }
}
