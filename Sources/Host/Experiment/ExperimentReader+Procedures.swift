import PluginAPI

extension ExperimentReader {
  static let phaseKeys = [
    "name", "updates", "optimizer", "losses", "side", "batch", "generation", "pass", "modes",
    "clip", "step", "every",
  ]

  /// Reads `procedure`: the id of one that a plugin ships, or phases written out.
  func procedure(_ object: ObjectReader) -> Procedure {
    guard let (value, path) = object.required("procedure") else {
      return Procedure(id: nil, phases: [])
    }
    guard let id = value.stringValue else {
      return Procedure(id: nil, phases: phases(value, path))
    }
    guard let shipped = procedures[id] else {
      collector.add(
        "there is no procedure \"\(id)\"", kind: .unknownID, at: value, path,
        suggestion: NearestName.suggestion(for: id, among: procedures.keys.sorted()))
      return Procedure(id: id, phases: [])
    }
    return Procedure(id: id, phases: phases(shipped, path))
  }

  private func phases(_ value: JSONValue, _ path: JSONPath) -> [Phase] {
    guard let object = ObjectReader(value, path, keys: ["phases"], collector),
      let (list, listPath) = object.required("phases")
    else { return [] }
    guard let values = list.arrayValue, !values.isEmpty else {
      collector.add(
        "found \(list.brief), expected a list of phases", kind: .wrongType, at: list, listPath)
      return []
    }
    var phases = values.enumerated().compactMap {
      phase($0.element, listPath.appending($0.offset))
    }
    name(&phases, \.name, place: \.place) { $0.updates.joined(separator: "+") }
    return phases
  }

  private func phase(_ value: JSONValue, _ path: JSONPath) -> Phase? {
    guard let object = ObjectReader(value, path, keys: Self.phaseKeys, collector) else {
      return nil
    }
    _ = (object.required("updates"), object.required("optimizer"), object.required("losses"))
    guard let updates = object.strings("updates"), let optimizer = object.string("optimizer"),
      let losses = losses(of: object, updating: updates)
    else { return nil }
    var phase = Phase(
      name: object.string("name") ?? "", place: path, updates: updates,
      optimizer: optimizer, losses: losses)
    phase.batch = object.choice("batch", Phase.Batch.self) ?? phase.batch
    generation(object, &phase)
    phase.pass = object.choice("pass", Phase.Pass.self) ?? phase.pass
    phase.modes = modes(object)
    phase.clip = clip(object)
    phase.step = object.choice("step", Phase.Step.self) ?? phase.step
    phase.every = object.duration("every") ?? phase.every
    return phase
  }

  /// `"generation": "fresh"` concerns all generations, `{ "random": "fresh" }` those it names.
  private func generation(_ object: ObjectReader, _ phase: inout Phase) {
    guard let (value, path) = object.member("generation") else { return }
    guard value.members != nil else {
      phase.generation = object.choice("generation", Phase.Generation.self) ?? phase.generation
      return
    }
    let keys = value.keys
    guard let reader = ObjectReader(value, path, keys: keys, collector) else { return }
    phase.fresh = keys.filter { reader.choice($0, Phase.Generation.self) == .fresh }
    phase.generation = phase.fresh.isEmpty ? .reuse : .fresh
  }

  /// `"losses": "discriminator"` sums a side; a list names losses, and `side` says whose move it is:
  /// by default the discriminators', where only they are updated.
  private func losses(of object: ObjectReader, updating updates: [String]) -> Phase.Losses? {
    let usual: LossSide =
      updates.allSatisfy { $0.isUnder("discriminators") } ? .discriminator : .generator
    let side = object.choice("side", LossSide.self)
    guard let (value, path) = object.member("losses") else { return nil }
    if let name = value.stringValue, let side = LossSide(rawValue: name) { return .side(side) }
    let names = value.arrayValue?.compactMap(\.stringValue) ?? []
    guard !names.isEmpty, names.count == value.arrayValue?.count else {
      collector.add(
        "found \(value.brief), expected \"generator\", \"discriminator\" or a list of loss names",
        kind: .wrongType, at: value, path)
      return nil
    }
    return .named(names, side ?? usual)
  }

  private func modes(_ object: ObjectReader) -> [String: Phase.Mode] {
    guard let (value, path) = object.member("modes") else { return [:] }
    let keys = value.keys
    guard let reader = ObjectReader(value, path, keys: keys, collector) else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: keys.compactMap { key in
        reader.choice(key, Phase.Mode.self).map { (key, $0) }
      })
  }

  private func clip(_ object: ObjectReader) -> Phase.Clip? {
    guard let (value, path) = object.member("clip"),
      let reader = ObjectReader(value, path, keys: ["norm", "of"], collector)
    else { return nil }
    _ = reader.required("norm")
    guard let norm = reader.number("norm") else { return nil }
    guard norm > 0 else {
      collector.add(
        "\(norm) is not above 0", kind: .outOfRange, at: value["norm"], path.appending("norm"))
      return nil
    }
    return Phase.Clip(norm: norm, of: reader.strings("of") ?? [""])
  }

  /// Reads `stages`.
  func stages(_ object: ObjectReader) -> [Experiment.Stage] {
    guard let (value, path) = object.member("stages") else { return [] }
    guard let values = value.arrayValue else {
      collector.add(
        "found \(value.brief), expected a list of stages", kind: .wrongType, at: value, path)
      return []
    }
    var names: Set = ["adversarial"]
    return values.enumerated().compactMap { index, value in
      let path = path.appending(index)
      guard
        let reader = ObjectReader(
          value, path, keys: ["name", "losses", "optimizers", "procedure", "training"], collector)
      else { return nil }
      let name = reader.string("name") ?? "stage-\(index + 1)"
      if !names.insert(name).inserted {
        collector.add(
          "the name \"\(name)\" is taken", kind: .outOfRange, at: value["name"] ?? value,
          path.appending("name"),
          suggestion: "stages are told apart by their names; the last one is called adversarial")
      }
      return Experiment.Stage(
        name: name,
        losses: losses(reader, within: "stages.\(index)."),
        optimizers: named(reader, "optimizers", within: "stages.\(index)."),
        procedure: procedure(reader),
        training: training(reader))
    }
  }
}
