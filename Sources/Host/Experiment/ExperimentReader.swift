import PluginAPI
import Tensor

/// Reads the value tree of an experiment file into an ``Experiment``, collecting every fault.
struct ExperimentReader {
  let collector = FaultCollector()
  /// Procedures that plugins ship, by id.
  let procedures: [String: JSONValue]

  static let keys = [
    "$schema", "extends", "plugins", "format", "name", "seed", "precision", "dataset", "latent",
    "latents", "perceptors", "encoders", "generator", "generations", "discriminators", "losses",
    "optimizers", "procedure", "stages", "training", "reports", "output", "run",
  ]

  /// Reads the tree.
  ///
  /// - Throws: ``Diagnostics`` with every fault of form.
  func read(_ root: JSONValue) throws -> Experiment {
    let experiment = partial(root)
    try collector.throwIfAny()
    guard let experiment else {
      preconditionFailure("[ExperimentReader] a root that is no object is a fault")
    }
    return experiment
  }

  /// Reads as much of the tree as there is, and collects what is wrong; `nil` for no object.
  func partial(_ root: JSONValue) -> Experiment? {
    collector.root = root
    guard let object = ObjectReader(root, JSONPath(), keys: Self.keys, collector) else {
      return nil
    }
    _ = object.string("$schema")
    if let (value, path) = object.member("extends") {
      collector.add(
        "files extend files; --set cannot", kind: .meaning, at: value, path,
        suggestion: "write it into the file")
    }
    if let format = object.integer("format", from: 1), format != 1 {
      collector.add(
        "format \(format) is newer than this program, which reads format 1", kind: .outOfRange,
        at: root["format"], "format", suggestion: "update the workbench")
    }
    var experiment = Experiment(
      name: name(object), seed: seed(object),
      dataset: Experiment.Part(path: "dataset", place: "dataset", use: "", with: [:]),
      latents: [], perceptors: named(object, "perceptors"), encoders: named(object, "encoders"),
      generator: nil, generations: generations(object),
      discriminators: list(object, "discriminators"),
      losses: losses(object), optimizers: named(object, "optimizers"),
      procedure: Procedure(id: nil, phases: []), stages: [], training: training(object),
      reports: reports(object), output: object.string("output") ?? "runs")
    experiment.precision = object.choice("precision", Precision.self) ?? .single
    if let (value, path) = object.required("dataset"),
      let part = part(value, path, "dataset", in: "dataset")
    {
      experiment.dataset = part
    }
    if let (value, path) = object.member("latent"),
      let part = part(value, path, "latent", in: "latent")
    {
      experiment.latents = [part]
    }
    experiment.latents += named(object, "latents")
    if let (value, path) = object.member("generator") {
      experiment.generator = part(value, path, "generator", in: "generator")
    }
    experiment.stages = stages(object)
    if experiment.generator != nil || experiment.stages.isEmpty {
      experiment.procedure = procedure(object)
    }
    return experiment
  }

  private func name(_ object: ObjectReader) -> String {
    guard let name = object.string("name") else { return "experiment" }
    if !RunFolder.isUsable(name) {
      collector.add(
        "\"\(name)\" cannot name a folder", kind: .outOfRange, at: object.value["name"], "name",
        suggestion: "use letters, digits, - and _")
    }
    return name
  }

  private func seed(_ object: ObjectReader) -> UInt64 {
    guard let (value, path) = object.member("seed") else { return 1 }
    guard let seed = value.integer(UInt64.self) else {
      collector.add(
        "found \(value.brief), expected a whole number from 0", kind: .wrongType, at: value, path)
      return 1
    }
    return seed
  }

  private func list(
    _ object: ObjectReader, _ key: String, within stage: String = ""
  ) -> [Experiment.Part] {
    guard let (value, path) = object.member(key) else { return [] }
    guard let values = value.arrayValue else {
      collector.add(
        "found \(value.brief), expected a list of parts", kind: .wrongType, at: value, path)
      return []
    }
    return values.enumerated().compactMap {
      part($0.element, path.appending($0.offset), "\(stage)\(key).\($0.offset)", in: key)
    }
  }

  func named(
    _ object: ObjectReader, _ key: String, within stage: String = ""
  ) -> [Experiment.Part] {
    guard let (value, path) = object.member(key) else { return [] }
    guard let members = value.members else {
      collector.add(
        "found \(value.brief), expected an object of named parts", kind: .wrongType, at: value,
        path)
      return []
    }
    return members.compactMap { member in
      let place = path.appending(member.key)
      checkName(member.key, member.value, place)
      return part(member.value, place, "\(stage)\(key).\(member.key)", in: key)
    }
  }

  /// Names become parts of paths, so they hold letters, digits, `-` and `_` only.
  private func checkName(
    _ name: String, _ value: JSONValue, _ path: JSONPath, reserved: [String] = []
  ) {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy { byte in
        let character = Character(UnicodeScalar(byte))
        return byte < 0x80
          && (character.isLetter || character.isNumber || character == "-" || character == "_")
      }
    if !isPlain || reserved.contains(name) {
      collector.add(
        isPlain ? "\"\(name)\" means something else already" : "\"\(name)\" cannot name a part",
        kind: .outOfRange, at: value, path,
        suggestion: isPlain ? "choose another name" : "use letters, digits, - and _")
    }
  }

  /// Gives those without a name one made from `base`, numbered where several would be the same, and
  /// reports names that were given twice.
  func name<Named>(
    _ parts: inout [Named], _ name: WritableKeyPath<Named, String>, place: (Named) -> JSONPath,
    from base: (Named) -> String
  ) {
    var taken: Set<String> = []
    for part in parts where !part[keyPath: name].isEmpty {
      let own = part[keyPath: name]
      guard !taken.insert(own).inserted else { continue }
      collector.add(
        "the name \"\(own)\" occurs a second time", kind: .outOfRange, at: nil,
        place(part).appending("name"),
        suggestion: "names tell them apart in phases and reports; choose another one")
    }
    for index in parts.indices where parts[index][keyPath: name].isEmpty {
      let base = base(parts[index])
      var number = 0
      var own = base
      while !taken.insert(own).inserted {
        number += 1
        own = "\(base).\(number)"
      }
      parts[index][keyPath: name] = own
    }
  }

  private func generations(_ object: ObjectReader) -> [Experiment.Generation] {
    guard let (value, path) = object.member("generations") else {
      return [Experiment.Generation(name: "main", place: "generator", inputs: [:])]
    }
    guard let members = value.members, !members.isEmpty else {
      collector.add(
        "found \(value.brief), expected an object of named generations",
        kind: value.members == nil ? .wrongType : .outOfRange, at: value, path,
        suggestion: "leave it out where there is one")
      return []
    }
    return members.map { member in
      let place = path.appending(member.key)
      checkName(member.key, member.value, place, reserved: ["dataset", "latent", "generator"])
      let reader = ObjectReader(member.value, place, keys: ["inputs"], collector)
      return Experiment.Generation(
        name: member.key, place: place, inputs: reader.map { inputs($0) } ?? [:])
    }
  }

  func inputs(_ object: ObjectReader) -> [String: String] {
    guard let (value, path) = object.member("inputs") else { return [:] }
    guard let members = value.members else {
      collector.add(
        "found \(value.brief), expected an object such as { \"z\": \"encoders.style.z\" }",
        kind: .wrongType, at: value, path)
      return [:]
    }
    return Dictionary(
      members.compactMap { member in
        guard let source = member.value.stringValue, source.contains(".") else {
          collector.add(
            "found \(member.value.brief), expected a value such as \"encoders.style.z\"",
            kind: .wrongType, at: member.value, path.appending(member.key))
          return nil
        }
        return (member.key, source)
      }, uniquingKeysWith: { $1 })
  }

  func losses(_ object: ObjectReader, within stage: String = "") -> [Experiment.Part] {
    var parts = list(object, "losses", within: stage)
    name(&parts, \.name, place: \.place) { String($0.use.split(separator: "/").last ?? "loss") }
    return parts
  }
}
