import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// Every generator beside every discriminator, adversarial loss and optimizer, on Aviary.
///
/// Takes minutes: runs where `WORKBENCH_TEST_COMBINATIONS` is set, and prints what it found.
@Suite(
  "Whatever fits together trains",
  .enabled(if: ProcessInfo.processInfo.environment["WORKBENCH_TEST_COMBINATIONS"] != nil))
struct CombinationTests {
  /// A component with settings, as an experiment names it.
  private struct Choice {
    let id: String
    let with: Setting
    var name: String { with == [:] ? id : "\(id) \(with.text)" }
    var part: Setting { ["use": .string(id), "with": with] }
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
    let own = everything.filter { $0.id != "third-party" }
    try enumerate(Catalog(own), "the plugins of the tree")
    try enumerate(Catalog(everything), "with the example plugin")
  }

  private func enumerate(_ catalog: Catalog, _ title: String) throws {
    var (direct, adapted, trained) = (0, 0, 0)
    var impossible: [(names: String, sentence: String)] = []
    let folder = try TemporaryFolder()
    for pairs in [false, true] {
      for generator in choices(.generator, catalog) {
        for discriminator in choices(.discriminator, catalog) {
          for loss in catalog.ids(of: .adversarialLoss) {
            for optimizer in catalog.ids(of: .optimizer) {
              let names = [generator.name, discriminator.name, loss, optimizer]
                .joined(separator: " × ")
              let root = experiment(generator, discriminator, loss, optimizer, pairs)
              do {
                let resolution = try Resolution(root, with: catalog, besides: [])
                if uses(adapters: resolution) { adapted += 1 } else { direct += 1 }
                try train(resolution, in: folder.path, names)
                trained += 1
              } catch let error as Diagnostics {
                impossible.append((pairs ? "pairs × " + names : names, "\(error)"))
              }
            }
          }
        }
      }
    }
    let count = direct + adapted + impossible.count
    print(
      "\n\(title): \(count) combinations, \(direct) fit directly, \(adapted) through adapters, "
        + "\(impossible.count) are impossible; \(trained) trained 20 steps")
    let byPair = Dictionary(grouping: impossible, by: \.sentence)
    for (sentence, all) in byPair.sorted(by: { $0.key < $1.key }).prefix(10) {
      print("- \(all[0].names) (\(all.count) alike)\n  \(sentence)")
    }
    #expect(trained == direct + adapted)
    #expect(trained > 0)
  }

  /// Components of a kind, once as they are and once for each choice that changes what they consume.
  private func choices(_ kind: ComponentKind, _ catalog: Catalog) -> [Choice] {
    let context = Resolution.portContext(
      bound: [:], image: .image("image", side: 32), catalog: catalog, parts: [:])
    return catalog.ids(of: kind).flatMap { id -> [Choice] in
      guard let component = catalog.components[id] else { return [] }
      func ports(_ settings: Setting) -> [PluginAPI.Port.Kind] {
        ((try? component.consumes(settings, in: context)) ?? []).map(\.kind)
      }
      var found = [Choice(id: id, with: small(component))]
      for setting in component.hyperparameters {
        let values = (setting.choices ?? []).map { Setting.string($0) }
        for value in values + (setting.type.hasSuffix("?") && !values.isEmpty ? [.null] : []) {
          guard ports([setting.name: value]) != ports([:]) else { continue }
          guard case .object(var with) = small(component) else { continue }
          with[setting.name] = value
          found.append(Choice(id: id, with: .object(with)))
        }
      }
      return found
    }
  }

  private func small(_ component: ComponentDescription) -> Setting {
    component.hyperparameters.contains { $0.name == "width" } ? ["width": 2] : [:]
  }

  private func experiment(
    _ generator: Choice, _ discriminator: Choice, _ loss: String, _ optimizer: String, _ pairs: Bool
  ) -> JSONValue {
    let noise: Setting = ["latent": ["use": "essentials/normal"]]
    var judge = discriminator.part
    if discriminator.id == "semantic-cgan/patchgan", case .object(var members) = judge,
      case .object(var with)? = members["with"]
    {
      with["layers"] = 2
      members["with"] = .object(with)
      judge = .object(members)
    }
    var members: [String: Setting] = [
      "name": "combination",
      "dataset": [
        "use": "aviary/birds",
        "with": ["side": 32, "trainCount": 64, "validationCount": 8, "pairs": .bool(pairs)],
      ],
      "generator": generator.part, "discriminators": .array([judge]),
      "losses": .array([["use": .string(loss)]]),
      "optimizers": [
        "generator": ["use": .string(optimizer)], "discriminators": ["use": .string(optimizer)],
      ],
      "procedure": "essentials/discriminator-first",
      "training": ["batchSize": 2, "for": ["steps": 20]], "reports": ["samples": 2],
    ]
    if generator.id == "third-party/generator" { members["latent"] = noise["latent"] }
    return JSONValue(setting: .object(members))
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
