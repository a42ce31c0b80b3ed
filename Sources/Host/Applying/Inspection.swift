import PluginAPI

/// Everything that can be said of a component, as text and as JSON.
struct Inspection {
  let id: String
  let component: ComponentDescription
  let settings: Setting
  let sizes: [String: [String: Int]]
  let catalog: Catalog

  /// For people.
  var text: String {
    var lines = ["\(id)  \(component.kind.rawValue)", component.summary]
    lines += section("Settings", component.hyperparameters.map { [line($0), $0.sentence] })
    do {
      let context = Resolution.portContext(
        bound: [:], image: Workpiece.image([:], sizes), catalog: catalog, parts: [:])
      lines += section(
        "Consumes (layouts as in files)",
        try component.consumes(settings, in: context).map { port($0) })
    } catch {
      lines += ["", "Consumes: \(error)"]
    }
    do {
      let piece = try workpiece()
      lines += section("Provides (layouts as in files)", piece.provided.map { port($0) })
      lines += section("Weights", weights(piece).map { [$0.name, $0.remark] })
      lines += section("Draws for a batch of 2", draws(piece).map { [$0.name, "\($0.shape)"] })
    } catch {
      lines += ["", "What it provides and its weights depend on what it is bound to: \(error)"]
    }
    return lines.joined(separator: "\n")
  }

  /// For programs.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("id", JSONValue(id)), .init("kind", JSONValue(component.kind.rawValue)),
      .init("summary", JSONValue(component.summary)),
      .init("settings", JSONValue(component.hyperparameters.map { described($0) })),
    ]
    let context = Resolution.portContext(
      bound: [:], image: Workpiece.image([:], sizes), catalog: catalog, parts: [:])
    if let consumed = try? component.consumes(settings, in: context) {
      members.append(.init("consumes", JSONValue(consumed.map { described($0) })))
    }
    if let piece = try? workpiece() {
      members.append(.init("provides", JSONValue(piece.provided.map { described($0) })))
      members.append(
        .init(
          "weights",
          JSONValue(
            weights(piece).map {
              ["name": JSONValue($0.name), "shape": JSONValue($0.shape.map { JSONValue($0) })]
            })))
      members.append(
        .init(
          "draws",
          JSONValue(
            draws(piece).map {
              ["name": JSONValue($0.name), "shape": JSONValue($0.shape.map { JSONValue($0) })]
            })))
    }
    return JSONValue(.object(members))
  }

  /// What a call in training draws from a batch of two, recorded in a call on made-up inputs; empty
  /// where sizes are missing.
  private func draws(_ piece: Workpiece) -> [(name: String, shape: [Int])] {
    var given: [String: Tensor] = [:]
    var random = RandomStream(seed: 1, stream: "inspect")
    for port in piece.consumed {
      guard let example = port.example(count: 2, using: &random) else { return [] }
      given.merge(example.tensors) { $1 }
    }
    (piece.component as? any Module)?.initialize(seed: 1, prefix: id)
    let application = Application(
      workpiece: piece, isTraining: true, source: "made-up inputs", given: given)
    let draws = (try? application.draws()) ?? []
    return draws.map { ($0.name, FieldLayout.outside($0.shape, named: $0.name)) }
  }

  private func workpiece() throws -> Workpiece {
    try Workpiece(id, settings, shapes: [:], sizes: sizes, from: catalog)
  }

  private func weights(
    _ piece: Workpiece
  ) -> [(name: String, remark: String, shape: [Int])] {
    guard let module = piece.component as? any Module else { return [] }
    let published = (piece.component as? any Importable)?.publishedNames ?? [:]
    let all =
      module.namedParameters.map { ($0.path, $0.parameter.shape, "") }
      + module.namedBuffers.map { ($0.path, $0.buffer.shape, "buffer") }
    return all.map { path, shape, kind in
      let name = published[path].map { "published as \($0)" }
      let remark = ["\(shape)", kind, name ?? ""].filter { !$0.isEmpty }.joined(separator: "  ")
      return (path, remark, shape)
    }
  }

  // MARK: - Words

  private func line(_ setting: HyperparameterDescription) -> String {
    var text = "\(setting.name): \(setting.type) = \(setting.defaultValue.text)"
    if let range = Inspection.range(setting) { text += "  in \(range)" }
    if let slot = setting.slot { text += "  a \(slot.rawValue)" }
    return text
  }

  private static func range(_ setting: HyperparameterDescription) -> String? {
    guard let low = setting.minimum, let high = setting.maximum else { return nil }
    return "\(Setting.number(low).text)...\(Setting.number(high).text)"
  }

  private func port(_ port: Port) -> [String] {
    var remarks = [port.kind.fileLayout]
    if port.stage == .judgement { remarks.append("read when judging") }
    if port.isOptional { remarks.append("optional") }
    return ["\(port.name): \(port)", remarks.joined(separator: "; ")]
  }

  private func described(_ setting: HyperparameterDescription) -> JSONValue {
    var value: JSONValue = [
      "name": JSONValue(setting.name), "type": JSONValue(setting.type),
      "default": JSONValue(setting: setting.defaultValue), "sentence": JSONValue(setting.sentence),
    ]
    if let minimum = setting.minimum { value.set("minimum", JSONValue(setting: .number(minimum))) }
    if let maximum = setting.maximum { value.set("maximum", JSONValue(setting: .number(maximum))) }
    if let choices = setting.choices {
      value.set("choices", JSONValue(choices.map { JSONValue($0) }))
    }
    if let slot = setting.slot { value.set("slot", JSONValue(slot.rawValue)) }
    return value
  }

  private func described(_ port: Port) -> JSONValue {
    [
      "name": JSONValue(port.name), "kind": JSONValue(port.kind.rawValue),
      "attributes": JSONValue(port.attributes.mapValues { JSONValue($0) }),
      "role": port.role.map { JSONValue($0.rawValue) } ?? nil,
      "layout": JSONValue(port.kind.fileLayout), "isOptional": JSONValue(port.isOptional),
    ]
  }

  private func section(_ title: String, _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let width = rows.map { $0[0].count }.max() ?? 0
    return ["", title]
      + rows.map { row in
        "  " + row[0] + String(repeating: " ", count: width - row[0].count) + "  " + row[1]
      }
  }
}
