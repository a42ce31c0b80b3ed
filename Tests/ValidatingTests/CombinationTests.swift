import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

private let wanted = ProcessInfo.processInfo.environment["WORKBENCH_TEST_COMBINATIONS"]

/// Every generator beside every discriminator, adversarial loss and optimizer, on Aviary.
///
/// Takes a quarter of an hour: runs where `WORKBENCH_TEST_COMBINATIONS` is set, and prints what it
/// found. Where it names a generator, only combinations with that one are trained.
@Suite("Whatever fits together trains", .enabled(if: wanted != nil))
struct CombinationTests {
  /// A component with settings, as an experiment names it.
  private struct Choice {
    let id: String
    let with: Setting
    /// Whether a setting changes what it consumes.
    let isVariant: Bool
    var name: String { isVariant ? "\(id) \(with.text)" : id }
    var part: Setting { ["use": .string(id), "with": with] }
  }

  /// What stands in an experiment for those who ask for it: codes, a source beside the picture.
  private static let companions: [(name: String, members: [String: Setting], pairs: Bool)] =
    [false, true].flatMap { pairs in
      func style(_ id: String, _ with: Setting) -> [String: Setting] {
        ["encoders": ["style": ["use": .string(id), "with": with]]]
      }
      let rows: [(String, [String: Setting])] = [
        ("nothing", [:]), ("a latent", ["latent": ["use": "essentials/normal"]]),
        ("a code a class", style("smis/class-split", ["width": 1])),
        ("a code", style("smis/image-encoder", ["width": 2, "side": 64])),
      ]
      return rows.map { (pairs ? $0.0 + " and pairs" : $0.0, $0.1, pairs) }
    }

  @Test("20 steps of every combination that fits; a sentence of every one that does not")
  func all() throws {
    let outside = try TemporaryFolder()
    let library = try OutsidePackage().build()
    try FileManager.default.copyItem(atPath: library, toPath: "\(outside.path)/libThirdParty.so")
    let cache = try TemporaryFolder()
    let plugins = PluginCatalog(
      search: PluginSearchPath([products, outside.path]),
      probe: PluginProbe(executable: executable), cache: VerdictCache(folder: cache.path))
    let everything = try plugins.loadAll().plugins.values.map(\.description)
    let own = Catalog(everything.filter { $0.id != "third-party" })
    try enumerate(own, "the plugins of the tree", training: true) { !$0.isVariant }
    try enumerate(Catalog(everything), "with the example plugin", training: false) {
      !$0.isVariant
    }
    try enumerate(own, "with settings that change what parts see", training: false) { _ in true }
  }

  private func enumerate(
    _ catalog: Catalog, _ title: String, training: Bool, of isWanted: (Choice) -> Bool
  ) throws {
    var (direct, adapted, trained) = (0, 0, 0)
    var needs: [String: Int] = [:]
    var alone: [String: [String]] = [:]
    var impossible: [(names: String, sentence: String)] = []
    let folder = try TemporaryFolder()
    for generator in choices(.generator, catalog).filter(isWanted) {
      for discriminator in choices(.discriminator, catalog).filter(isWanted) {
        for loss in catalog.ids(of: .adversarialLoss) {
          for optimizer in catalog.ids(of: .optimizer) {
            let names = [generator.name, discriminator.name, loss, optimizer]
              .joined(separator: " × ")
            do {
              let (resolution, need, refusal) = try fit(
                { experiment(generator, discriminator, loss, optimizer, $0) }, catalog)
              needs[need, default: 0] += 1
              if let refusal { alone[refusal, default: []].append(names) }
              if uses(adapters: resolution) { adapted += 1 } else { direct += 1 }
              if training, wanted == "1" || wanted == generator.id {
                try train(resolution, in: folder.path, names)
                trained += 1
              }
            } catch let error as Diagnostics {
              impossible.append((names, "\(error)"))
            }
          }
        }
      }
    }
    let count = direct + adapted + impossible.count
    print(
      "\n\(title): \(count) combinations, \(direct) fit directly, \(adapted) through adapters, "
        + "\(impossible.count) are impossible" + (training ? "; \(trained) trained 20 steps" : ""))
    for (need, count) in needs.sorted(by: { $0.value > $1.value }) {
      print("  \(count) with \(need)")
    }
    let alike = Dictionary(grouping: impossible, by: \.sentence).mapValues { $0.map(\.names) }
    for (title, sentences) in [("impossible", alike), ("impossible with nothing else", alone)] {
      print(title)
      for (sentence, names) in sentences.sorted(by: { $0.value.count > $1.value.count }) {
        print("- \(names[0]) (\(names.count) alike)\n  \(sentence)")
      }
    }
    if training {
      #expect(trained > 0)
      #expect(trained == direct + adapted || wanted != "1")
    }
  }

  /// The first of the companions with which an experiment fits, and why it does not without any; else
  /// the faults of the fewest.
  private func fit(
    _ experiment: (Int) -> JSONValue, _ catalog: Catalog
  ) throws -> (Resolution, need: String, refusal: String?) {
    var least: Diagnostics?
    var first: Diagnostics?
    for index in Self.companions.indices {
      let root = experiment(index)
      do {
        let resolution = try Resolution(root, with: catalog, besides: [])
        try Networks.check(resolution, in: root)
        return (resolution, Self.companions[index].name, first.map { "\($0)" })
      } catch let error as Diagnostics {
        first = first ?? error
        if error.faults.count < least?.faults.count ?? .max { least = error }
      }
    }
    throw try #require(least)
  }

  /// Components of a kind, once as they are and once for each choice that changes what they consume.
  private func choices(_ kind: ComponentKind, _ catalog: Catalog) -> [Choice] {
    let context = Resolution.portContext(
      bound: [:], image: .image("image", side: 64), catalog: catalog, parts: [:])
    return catalog.ids(of: kind).flatMap { id -> [Choice] in
      guard let component = catalog.components[id] else { return [] }
      func ports(_ settings: Setting) -> [PluginAPI.Port.Kind] {
        ((try? component.consumes(settings, in: context)) ?? []).map(\.kind)
      }
      let small = small(component)
      var found = [Choice(id: id, with: .object(small), isVariant: false)]
      for setting in component.hyperparameters {
        let values = (setting.choices ?? []).map { Setting.string($0) }
        for value in values + (setting.type.hasSuffix("?") && !values.isEmpty ? [.null] : []) {
          guard ports([setting.name: value]) != ports([:]) else { continue }
          let with = small.merging([setting.name: value]) { _, new in new }
          found.append(Choice(id: id, with: .object(with), isVariant: true))
        }
      }
      return found
    }
  }

  /// Settings that make a component small, in itself and in what it is built on.
  private func small(_ component: ComponentDescription) -> [String: Setting] {
    var with: [String: Setting] = [:]
    for setting in component.hyperparameters {
      switch setting.name {
      case "width": with[setting.name] = 2
      case "hidden": with[setting.name] = 8
      case "blocks": with[setting.name] = 1
      case "backbone":
        guard case .object(var part) = setting.defaultValue else { continue }
        var own: [String: Setting] = [:]
        if case .object(let given)? = part["with"] { own = given }
        part["with"] = .object(own.merging(["width": 2]) { _, new in new })
        with[setting.name] = .object(part)
      default: continue
      }
    }
    return with
  }

  private func experiment(
    _ generator: Choice, _ discriminator: Choice, _ loss: String, _ optimizer: String,
    _ companion: Int
  ) -> JSONValue {
    let companion = Self.companions[companion]
    let members: [String: Setting] = [
      "name": "combination",
      "dataset": [
        "use": "aviary/birds",
        "with": [
          "side": 64, "trainCount": 64, "validationCount": 8, "pairs": .bool(companion.pairs),
        ],
      ],
      "generator": generator.part, "discriminators": .array([discriminator.part]),
      "losses": .array([["use": .string(loss)]]),
      "optimizers": [
        "generator": ["use": .string(optimizer)], "discriminators": ["use": .string(optimizer)],
      ],
      "procedure": "essentials/discriminator-first",
      "training": ["batchSize": 2, "for": ["steps": 20]], "reports": ["samples": 2],
    ]
    return JSONValue(setting: .object(members.merging(companion.members) { _, new in new }))
  }

  private func uses(adapters resolution: Resolution) -> Bool {
    let parts = resolution.parts.values.flatMap { $0.bindings.values }
    let generations = resolution.generations.values.flatMap(\.values)
    return (parts + generations).contains { !$0.adapters.isEmpty }
  }

  private func train(_ resolution: Resolution, in folder: String, _ names: String) throws {
    let run = try RunFolder(creating: "combination", in: folder)
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    do {
      let ending = try TrainingLoop(resolution, in: run, hash: "none").train(resuming: false)
      #expect(ending == .finished, "\(names)")
    } catch let error as TrainingError {
      Issue.record("\(names): \(error)")
    }
  }
}
