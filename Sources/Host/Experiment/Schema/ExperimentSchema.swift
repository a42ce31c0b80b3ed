import PluginAPI

/// The experiment file as JSON Schema 2020-12, from which editors complete and check it.
///
/// What the grammar fixes is in `ExperimentSchema+Grammar.swift`; parts and their settings come from
/// what the loaded plugins declare. A file that extends another is held to a looser form, since what
/// it leaves out may stand in the other.
///
/// How parts fit together is more than a schema can say: `workbench resolve` says it.
struct ExperimentSchema {
  let catalog: Catalog

  /// The schema.
  var json: JSONValue {
    let versions = catalog.plugins.map { "\($0.id) \($0.version)" }.joined(separator: ", ")
    var definitions = grammar
    for section in Section.allCases {
      definitions.append(.init(section.rawValue, part(section)))
      definitions.append(.init("changed.\(section.rawValue)", part(section, isWhole: false)))
    }
    for kinds in Section.allCases.map(\.kinds) + slotKinds.map({ [$0] }) {
      let name = Self.chosen(kinds)
      guard !definitions.contains(where: { $0.key == name }) else { continue }
      definitions.append(.init(name, chosen(kinds)))
    }
    for kind in slotKinds { definitions.append(.init("slot.\(kind.rawValue)", slot(kind))) }
    for id in catalog.components.keys.sorted() {
      definitions.append(.init(Self.settings(id), settings(id)))
    }
    return JSONValue(
      .object([
        .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
        .init("title", "Experiment"),
        .init("$comment", JSONValue("Made by `workbench schema` with the plugins \(versions).")),
        .init("if", ["required": ["extends"]]),
        .init("then", ["$ref": "#/$defs/changedExperiment"]),
        .init("else", ["$ref": "#/$defs/experiment"]),
        .init("$defs", JSONValue(.object(definitions))),
      ]))
  }

  /// The kinds of part that the file has places for.
  enum Section: String, CaseIterable {
    case dataset, latent, perceptors, encoders, generator, discriminators, losses, optimizers
    case metrics

    var kinds: [ComponentKind] {
      switch self {
      case .dataset: [.dataset]
      case .latent: [.latent]
      case .perceptors: [.perceptor]
      case .encoders: [.encoder]
      case .generator: [.generator]
      case .discriminators: [.discriminator]
      case .losses: [.adversarialLoss, .loss, .regularizer]
      case .optimizers: [.optimizer]
      case .metrics: [.metric]
      }
    }
  }

  /// The kinds that settings, views and schedules take.
  private var slotKinds: [ComponentKind] {
    let declared = catalog.components.values.flatMap { $0.hyperparameters.compactMap(\.slot) }
    let kinds = Set(declared).union([.view, .schedule])
    return ComponentKind.allCases.filter(kinds.contains)
  }

  // MARK: - Parts

  /// A part of one section; one that changes an inherited part needs no `use`.
  private func part(_ section: Section, isWhole: Bool = true) -> JSONValue {
    let keys = ExperimentReader.keys(in: section.rawValue)
    let properties = keys.map { key in
      let value = key == "with" && !isWhole ? ["type": ["object", "null"]] : Self.partKeys[key]
      return JSONValue.Member(key, isWhole || key == "use" ? value ?? [:] : orNull(value ?? [:]))
    }
    var members: [JSONValue.Member] = [
      .init("type", "object"), .init("properties", JSONValue(.object(properties))),
      .init("additionalProperties", false),
    ]
    if isWhole {
      members.append(.init("required", ["use"]))
      members.append(.init("allOf", [["$ref": JSONValue("#/$defs/\(Self.chosen(section.kinds))")]]))
    } else {
      members.append(.init("allOf", [["properties": ["use": use(section.kinds)]]]))
    }
    return JSONValue(.object(members))
  }

  /// What may stand beside `use`, by key.
  private static let partKeys: [String: JSONValue] = [
    "use": ["type": "string", "description": "Which component: \"plugin/component\"."],
    "with": ["type": "object", "description": "Its settings."],
    "inputs": ["$ref": "#/$defs/inputs"],
    "weights": [
      "type": "string", "description": "A run folder or a weights file that it starts from.",
    ],
    "shares": [
      "type": "string", "description": "The encoder whose weights it uses: encoders.style.",
    ],
    "on": ["$ref": "#/$defs/strings"],
    "view": ["$ref": "#/$defs/slot.view"],
    "schedule": ["$ref": "#/$defs/slot.schedule"],
    "restart": ["$ref": "#/$defs/duration"],
    "weight": ["$ref": "#/$defs/weight"],
    "name": ["type": "string", "description": "What phases and logs call it."],
    "real": [
      "enum": JSONValue(Experiment.RealSource.allCases.map { JSONValue($0.rawValue) }),
      "description": "Which batch its real images come from.",
    ],
  ]

  func orNull(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

  private static func chosen(_ kinds: [ComponentKind]) -> String {
    "chosen." + kinds.map(\.rawValue).joined(separator: ".")
  }

  private static func settings(_ id: String) -> String {
    "settings." + id.replacing("/", with: ".")
  }

  /// `use` is one of these, and says which settings `with` has.
  private func chosen(_ kinds: [ComponentKind]) -> JSONValue {
    let ids = kinds.flatMap { catalog.ids(of: $0) }
    var members: [JSONValue.Member] = [.init("properties", ["use": use(kinds)])]
    if !ids.isEmpty {
      let branches = ids.map { id -> JSONValue in
        let isChosen: JSONValue = [
          "properties": ["use": ["const": JSONValue(id)]], "required": ["use"],
        ]
        let settings: JSONValue = ["$ref": JSONValue("#/$defs/\(Self.settings(id))")]
        return ["if": isChosen, "then": ["properties": ["with": settings]]]
      }
      members.append(.init("allOf", JSONValue(branches)))
    }
    return JSONValue(.object(members))
  }

  private func use(_ kinds: [ComponentKind]) -> JSONValue {
    let ids = kinds.flatMap { catalog.ids(of: $0) }
    guard !ids.isEmpty else { return ["not": [:]] }
    let choices = ids.map { id -> JSONValue in
      let summary = catalog.components[id]?.summary ?? ""
      return ["const": JSONValue(id), "description": JSONValue(summary)]
    }
    return ["oneOf": JSONValue(choices)]
  }

  private func slot(_ kind: ComponentKind) -> JSONValue {
    [
      "type": "object",
      "properties": ["use": ["type": "string"], "with": ["type": "object"]],
      "required": ["use"], "additionalProperties": false,
      "allOf": [["$ref": JSONValue("#/$defs/\(Self.chosen([kind]))")]],
    ]
  }
}
