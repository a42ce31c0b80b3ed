import PluginAPI

extension ExperimentReader {
  private static let everyKey = ["use", "with", "inputs", "weights"]

  /// The keys of a part in this section of the file.
  static func keys(in section: String) -> [String] {
    switch section {
    case "discriminators": everyKey + ["view", "on", "real"]
    case "losses": everyKey + ["weight", "on", "name"]
    case "slot": ["use", "with"]
    case "metrics": ["use", "with", "inputs"]
    case "optimizers": ["use", "with", "schedule", "restart"]
    case "encoders": everyKey + ["shares"]
    case "dataset", "latent", "latents": ["use", "with", "inputs"]
    default: everyKey
    }
  }

  /// Reads `{ "use": …, "with": … }` and the keys that its place adds.
  func part(
    _ value: JSONValue, _ place: JSONPath, _ path: String, in section: String
  ) -> Experiment.Part? {
    let allowed = Self.keys(in: section)
    guard let object = ObjectReader(value, place, keys: allowed, collector),
      let (use, usePlace) = object.required("use")
    else { return nil }
    guard let id = use.stringValue, id.split(separator: "/").count == 2 else {
      collector.add(
        "found \(use.brief), expected an id such as \"essentials/adam\"", kind: .wrongType, at: use,
        usePlace)
      return nil
    }
    var part = Experiment.Part(path: path, place: place, use: id, with: [:])
    if let (with, withPlace) = object.member("with") {
      if with.members == nil {
        collector.add(
          "found \(with.brief), expected an object of settings", kind: .wrongType, at: with,
          withPlace)
      } else {
        part.with = with.setting
      }
    }
    if allowed.contains("inputs") { part.inputs = inputs(object) }
    if allowed.contains("weights") { part.weights = object.string("weights") }
    if allowed.contains("shares") { part.shares = object.string("shares") }
    if allowed.contains("view") { part.view = slot(object, "view") }
    if allowed.contains("restart") { part.restart = object.duration("restart") }
    if allowed.contains("schedule") { part.schedule = slot(object, "schedule") }
    if allowed.contains("on") { part.on = object.strings("on") ?? [] }
    if allowed.contains("real") {
      part.real = object.choice("real", Experiment.RealSource.self) ?? .same
    }
    if allowed.contains("name") { part.name = object.string("name") ?? "" }
    if allowed.contains("weight") { part.weight = weight(object) }
    return part
  }

  private func slot(_ object: ObjectReader, _ key: String) -> ComponentReference? {
    guard let (value, path) = object.member(key) else { return nil }
    guard let part = part(value, path, "", in: "slot") else { return nil }
    return ComponentReference(part.use, with: part.with)
  }

  private func weight(_ object: ObjectReader) -> Experiment.Weight {
    guard let (value, path) = object.member("weight") else { return .constant(1) }
    if let number = value.finiteFloat { return .constant(number) }
    guard value.members != nil,
      let ramp = ObjectReader(value, path, keys: ["from", "to", "over"], collector)
    else {
      collector.add(
        "found \(value.brief), expected a number or { \"from\", \"to\", \"over\" }",
        kind: .wrongType, at: value, path)
      return .constant(1)
    }
    _ = (ramp.required("from"), ramp.required("to"), ramp.required("over"))
    guard let from = ramp.number("from"), let to = ramp.number("to"),
      let over = ramp.duration("over")
    else { return .constant(1) }
    return .ramp(from: from, to: to, over: over)
  }

  func training(_ object: ObjectReader) -> Experiment.Training {
    var training = Experiment.Training()
    guard let (value, path) = object.member("training"),
      let reader = ObjectReader(
        value, path, keys: ["batchSize", "for", "average", "checkpoints"], collector)
    else { return training }
    training.batchSize = reader.integer("batchSize", from: 1) ?? training.batchSize
    training.duration = reader.duration("for") ?? training.duration
    if let (value, path) = reader.member("average"), !value.isNull,
      let average = ObjectReader(value, path, keys: ["halfLife", "decay"], collector)
    {
      let decay = average.number("decay")
      if let decay, !(0..<1).contains(decay) {
        collector.add(
          "\(decay) is outside 0..<1", kind: .outOfRange, at: value["decay"],
          path.appending("decay"))
      }
      switch (average.duration("halfLife"), decay) {
      case (let halfLife?, nil): training.average = .halfLife(halfLife)
      case (nil, let decay?): training.average = .decay(decay)
      default:
        collector.add(
          "expected one of halfLife and decay", kind: .missingKey, at: value, path)
      }
    }
    if let (value, path) = reader.member("checkpoints"),
      let checkpoints = ObjectReader(value, path, keys: ["every", "keep"], collector)
    {
      training.checkpointEvery = checkpoints.duration("every")
      training.checkpointsKept = checkpoints.integer("keep", from: 1) ?? 2
    }
    return training
  }

  func reports(_ object: ObjectReader) -> Experiment.Reports {
    var reports = Experiment.Reports()
    guard let (value, path) = object.member("reports"),
      let reader = ObjectReader(
        value, path, keys: ["every", "samples", "sampleMode", "metrics", "metricSamples"],
        collector)
    else { return reports }
    reports.every = reader.duration("every") ?? reports.every
    reports.samples = reader.integer("samples", from: 1) ?? reports.samples
    reports.metricSamples = reader.integer("metricSamples", from: 1) ?? reports.metricSamples
    reports.sampleMode = reader.choice("sampleMode", Experiment.SampleMode.self) ?? .evaluation
    if let (value, path) = reader.member("metrics") {
      guard let values = value.arrayValue else {
        collector.add(
          "found \(value.brief), expected a list of metrics", kind: .wrongType, at: value, path)
        return reports
      }
      reports.metrics = values.enumerated().compactMap {
        part($0.element, path.appending($0.offset), "metrics.\($0.offset)", in: "metrics")
      }
    }
    return reports
  }
}
