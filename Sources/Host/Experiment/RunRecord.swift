import Foundation
import PluginAPI

/// What a run's `experiment.json` says: the file with every default filled in, and what ran it.
struct RunRecord {
  /// The experiment alone.
  let experiment: JSONValue
  /// What decides the numbers of a run: the experiment without names, reports, and how long it
  /// goes on.
  let decisive: JSONValue
  /// The experiment and, under `run`, plugins and machine.
  let tree: JSONValue

  /// Completes an experiment's tree; a run that is `resuming` keeps the record of what began it.
  init(_ open: OpenExperiment, resuming: Bool = false) {
    var root = open.root
    root.remove("run")
    root.remove("$schema")
    let experiment = open.resolution.experiment
    for path in open.resolution.order {
      guard let part = open.resolution.parts[path], root[part.part.place] != nil else { continue }
      root.set(part.part.place.appending("with"), JSONValue(setting: part.settings))
    }
    root.set("format", 1)
    root.set("name", JSONValue(experiment.name))
    root.set("seed", JSONValue(experiment.seed))
    root.set("precision", JSONValue(experiment.precision.rawValue))
    root.set("output", JSONValue(experiment.output))
    root.set("training.batchSize", JSONValue(experiment.training.batchSize))
    root.set("training.for", JSONValue(setting: experiment.training.duration.setting))
    root.set("training.checkpoints.keep", JSONValue(experiment.training.checkpointsKept))
    root.set("reports.every", JSONValue(setting: experiment.reports.every.setting))
    root.set("reports.samples", JSONValue(experiment.reports.samples))
    root.set("reports.sampleMode", JSONValue(experiment.reports.sampleMode.rawValue))
    root.set("reports.metricSamples", JSONValue(experiment.reports.metricSamples))
    self.experiment = root
    decisive = RunRecord.decisive(root)
    let before = resuming ? open.root["run"] : nil
    root.set("run", before ?? RunRecord.circumstances(open))
    tree = root
  }

  /// A hash of what decides the numbers, by which a checkpoint is known to belong to a run.
  var hash: String {
    SHA256.hex(of: Array(decisive.text(style: .canonical).utf8))
  }

  private static func decisive(_ experiment: JSONValue) -> JSONValue {
    var tree = experiment
    for key in ["name", "output", "reports", "plugins"] { tree.remove(key) }
    if var training = tree["training"] {
      for key in ["for", "checkpoints"] { training.remove(key) }
      tree.set("training", training)
    }
    return tree
  }

  /// The ids of the plugins whose parts an experiment uses.
  private static func plugins(of open: OpenExperiment) -> Set<String> {
    var ids = RunRecord.uses(in: open.root)
    for part in open.resolution.parts.values {
      ids.insert(part.part.use)
      for binding in part.bindings.values { ids.formUnion(binding.adapters.map(\.id)) }
    }
    return Set(ids.compactMap { $0.split(separator: "/").first.map(String.init) })
  }

  private static func uses(in value: JSONValue) -> Set<String> {
    let own = ["use", "procedure"].compactMap { value[$0]?.stringValue }
    let inner = (value.members?.map(\.value) ?? []) + (value.arrayValue ?? [])
    return inner.reduce(into: Set(own)) { $0.formUnion(uses(in: $1)) }
  }

  private static func circumstances(_ open: OpenExperiment) -> JSONValue {
    let used = plugins(of: open)
    let plugins = open.registry.plugins.sorted { $0.key < $1.key }.filter { used.contains($0.key) }
      .map { id, plugin in
        JSONValue.Member(
          id,
          [
            "version": JSONValue(plugin.description.version), "path": JSONValue(plugin.file.path),
            "sha256": JSONValue(plugin.file.hash),
          ])
      }
    return [
      "plugins": JSONValue(.object(plugins)), "core": JSONValue(PluginLoader.core),
      "compiler": JSONValue(PluginLoader.compiler),
      "machine": [
        "threads": JSONValue(Compute.threads),
        "memoryBytes": JSONValue(ProcessInfo.processInfo.physicalMemory),
        "system": JSONValue(ProcessInfo.processInfo.operatingSystemVersionString),
      ],
    ]
  }

  /// What is said on resuming under plugins other than those a run began with.
  static func changedPlugins(in root: JSONValue, _ registry: Registry) -> [String] {
    (root["run"]?["plugins"]?.members ?? []).compactMap { member in
      guard let now = registry.plugins[member.key] else {
        return "the run began with the plugin \(member.key), which is not there now"
      }
      let before = member.value["sha256"]?.stringValue
      return before == now.file.hash
        ? nil
        : "the plugin \(member.key) has changed since the run began; results may differ from an "
          + "uninterrupted run"
    }
  }
}

extension JSONValue {
  /// Puts a value at a path, making objects on the way; a step into anything else is ignored.
  mutating func set(_ path: JSONPath, _ value: JSONValue) {
    guard let step = path.steps.first else {
      self = value
      return
    }
    let rest = JSONPath(Array(path.steps.dropFirst()))
    switch (step, kind) {
    case (.key(let key), .object(var members)):
      if let index = members.firstIndex(where: { $0.key == key }) {
        members[index].value.set(rest, value)
      } else {
        var made: JSONValue = [:]
        made.set(rest, value)
        members.append(Member(key, made))
      }
      kind = .object(members)
    case (.index(let index), .array(var values)) where values.indices.contains(index):
      values[index].set(rest, value)
      kind = .array(values)
    default: break
    }
  }

  /// Takes a member out of an object.
  mutating func remove(_ key: String) {
    guard case .object(let members) = kind else { return }
    kind = .object(members.filter { $0.key != key })
  }
}
