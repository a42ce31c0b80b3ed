import Foundation
import PluginAPI

/// A run's experiment as it is measured: with metrics and perceptors that are added to it.
struct EvaluatedExperiment {
  /// The experiment.
  private(set) var open: OpenExperiment
  /// What the run says of itself.
  private let recorded: JSONValue
  private let stages: [Experiment.Stage]

  /// Reads a run's experiment and adds what a table needs and metrics by their ids.
  ///
  /// - Throws: faults of the experiment.
  init(
    _ run: RunFolder, overrides: [String] = [], metrics: [String] = [],
    table: TableDescription? = nil, plugins: PluginCatalog = PluginCatalog()
  ) throws {
    recorded = try ExperimentFile(run.experiment).root ?? [:]
    let needed = try table.map { try JSONValue(parsing: $0.json, named: "table \($0.name)") } ?? [:]
    open = try OpenExperiment(
      file: run.experiment,
      overrides: overrides + metrics.map { "reports.metrics.+={ use: \"\($0)\" }" },
      plugins: plugins
    ) { EvaluatedExperiment.tree($0, with: needed) }
    let reader = ExperimentReader(procedures: try open.resolution.catalog.parsedProcedures())
    stages = reader.partial(recorded)?.stages ?? []
    try suitPerceptors()
  }

  /// The run's tree with the perceptors that it lacks and, before its own metrics, those wanted.
  ///
  /// Its stages are over; their losses might take what they read from a perceptor that is added.
  private static func tree(_ root: JSONValue, with needed: JSONValue) -> JSONValue {
    var root = root
    if root["generator"] != nil { root.remove("stages") }
    let perceptors = root["perceptors"] ?? [:]
    root.set("perceptors", perceptors.extending(needed["perceptors"] ?? [:]))
    let wanted = needed["reports"]?["metrics"]?.arrayValue ?? []
    let own = root["reports"]?["metrics"]?.arrayValue ?? []
    let others = own.filter { metric in !wanted.contains { $0["use"] == metric["use"] } }
    root.set("reports.metrics", JSONValue(wanted + others))
    return root
  }

  /// Settings of perceptors that suit the dataset, such as its number of classes, where the
  /// experiment says nothing of them.
  private mutating func suitPerceptors() throws {
    var root = open.root
    for part in open.resolution.parts(under: "perceptors") {
      guard let how = PerceptorTraining.pretraining(of: part, in: open.resolution) else { continue }
      let place = part.part.place.appending("with")
      root.set(place, (root[place] ?? [:]).extending(JSONValue(setting: how.settings)))
    }
    try reopen(root)
  }

  private mutating func reopen(_ root: JSONValue) throws {
    if root != open.root { open = try OpenExperiment(root, with: open.registry) }
    // By them one knows what the run has trained.
    open.resolution.experiment.stages = stages
  }

  /// Gives weights to perceptors that the workbench can train, and warns of others that have none.
  ///
  /// - Parameters:
  ///   - folder: where trainings are kept.
  ///   - images: how many images each is trained on; 0 for no training.
  /// - Throws: whatever stops a training.
  mutating func pretrain(in folder: String, images: Int?) throws {
    let training = PerceptorTraining(open: open, folder: folder, images: images)
    var root = open.root
    for network in untrained where images != 0 && !isOfModel(network.path) {
      guard let weights = try training.weights(of: network.path),
        let place = open.resolution.parts[network.path]?.part.place
      else { continue }
      root.set(place.appending("weights"), JSONValue(weights))
    }
    try reopen(root)
    for network in untrained {
      let isPart = open.resolution.parts[network.path] != nil
      complain(
        "warning: no weights are given for \(network.path) (\(network.use)), so it stays as it was "
          + "drawn: what is seen through it compares only with what the same weights see. "
          + (isPart
            ? "Give some by --set \(network.path).weights=FILE"
            : "To give some, name it under perceptors and there in this slot"))
    }
  }

  /// The feature networks that metrics look through and nothing has trained.
  private var untrained: [Resolution.LookedThrough] {
    var seen: Set<String> = []
    return open.resolution.parts(under: "metrics")
      .flatMap { open.resolution.perceptors(of: $0.path) }
      .filter { $0.isUntrained && seen.insert($0.path).inserted }
  }

  /// Whether images depend on a perceptor, which then has to stay what it was.
  private func isOfModel(_ path: String) -> Bool {
    let making: [ComponentKind] = [.encoder, .latent, .generator]
    return open.resolution.parts.values.contains { part in
      making.contains(part.component.kind)
        && open.resolution.perceptors(of: part.path).contains { $0.path == path }
    }
  }

  /// The perceptors whose weights are not those of the run's checkpoint: others than it had, or
  /// told to be filled from elsewhere.
  var added: [String] {
    open.resolution.parts(under: "perceptors").filter { part in
      guard let name = part.path.split(separator: ".").last,
        let before = recorded["perceptors"]?[String(name)]
      else { return true }
      return before["use"]?.stringValue != part.part.use
        || before["weights"]?.stringValue != part.part.weights
    }.map(\.path)
  }
}
