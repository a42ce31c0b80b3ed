import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

private let wanted = ProcessInfo.processInfo.environment["WORKBENCH_TEST_COMBINATIONS"]

/// Every generator beside every discriminator, adversarial loss and optimizer, on Aviary and on
/// photographs of facades; every view beside every generator and discriminator.
///
/// Takes half an hour: runs where `WORKBENCH_TEST_COMBINATIONS` is set, and prints what it found. Where
/// it names a generator, only combinations with that one are trained. `CoveringTests` always run.
@Suite("Whatever fits together trains", .enabled(if: wanted != nil))
struct CombinationTests {
  @Test("20 steps of every combination that fits; a sentence of every one that does not")
  func aviary() throws {
    let outside = try TemporaryFolder()
    let library = try OutsidePackage().build()
    try FileManager.default.copyItem(atPath: library, toPath: "\(outside.path)/libThirdParty.so")
    let cache = try TemporaryFolder()
    let plugins = PluginCatalog(
      search: PluginSearchPath([products, outside.path]),
      probe: PluginProbe(executable: executable), cache: VerdictCache(folder: cache.path))
    let everything = try plugins.loadAll().plugins.values.map(\.description)
    let own = Combinations(
      catalog: Catalog(everything.filter { $0.id != "third-party" }), ground: .aviary, steps: 20)
    let all = Combinations(catalog: Catalog(everything), ground: .aviary, steps: 20)
    try enumerate(own, "the plugins of the tree", training: true, games(own))
    try enumerate(all, "with the example plugin", training: false, games(all))
    try enumerate(
      own, "with settings that change what parts see", training: false,
      games(own, withVariants: true))
    try enumerate(own, "through every view", training: false, views(own))
  }

  @Test(
    "The same on photographs",
    .enabled(if: SharedData.has("facades"), "no ../shared/data/facades"))
  func facades() throws {
    let own = Combinations(catalog: try CoveringTests.catalog(), ground: .facades, steps: 20)
    try enumerate(own, "the plugins of the tree", training: true, games(own))
    try enumerate(own, "through every view", training: false, views(own))
  }

  /// Every generator, discriminator, adversarial loss and optimizer with each other.
  private func games(_ all: Combinations, withVariants: Bool = false) -> [Combination] {
    all.choices(.generator, withVariants: withVariants).flatMap { generator in
      all.choices(.discriminator, withVariants: withVariants).flatMap { discriminator in
        all.catalog.ids(of: .adversarialLoss).flatMap { loss in
          all.catalog.ids(of: .optimizer).map { optimizer in
            Combination(
              generator: generator, discriminator: discriminator, loss: loss, optimizer: optimizer)
          }
        }
      }
    }
  }

  /// Every generator, discriminator and view with each other.
  private func views(_ all: Combinations) -> [Combination] {
    all.choices(.generator).flatMap { generator in
      all.choices(.discriminator).flatMap { discriminator in
        all.catalog.ids(of: .view).map { view in
          Combination(
            generator: generator, discriminator: discriminator, loss: "essentials/hinge",
            optimizer: "essentials/adam", view: view)
        }
      }
    }
  }

  private func enumerate(
    _ all: Combinations, _ title: String, training: Bool, _ combinations: [Combination]
  ) throws {
    var (direct, adapted, trained) = (0, 0, 0)
    var needs: [String: Int] = [:]
    var alone: [String: [String]] = [:]
    var impossible: [(name: String, sentence: String)] = []
    let folder = try TemporaryFolder()
    for combination in combinations {
      do {
        let fit = try all.fit(combination)
        needs[fit.need, default: 0] += 1
        if let refusal = fit.refusal { alone[refusal, default: []].append(combination.name) }
        if fit.usesAdapters { adapted += 1 } else { direct += 1 }
        if training, wanted == "1" || wanted == combination.generator.id {
          try all.train(fit, in: folder.path, combination.name)
          trained += 1
        }
      } catch let error as Diagnostics {
        impossible.append((combination.name, "\(error)"))
      }
    }
    print(
      "\n\(all.ground.name), \(title): \(combinations.count) combinations, \(direct) fit directly, "
        + "\(adapted) through adapters, \(impossible.count) are impossible"
        + (training ? "; \(trained) trained \(all.steps) steps" : ""))
    for (need, count) in needs.sorted(by: { $0.value > $1.value }) {
      print("  \(count) with \(need)")
    }
    let alike = Dictionary(grouping: impossible, by: \.sentence).mapValues { $0.map(\.name) }
    for (title, sentences) in [("impossible", alike), ("impossible with nothing else", alone)] {
      print(title)
      for (sentence, names) in sentences.sorted(by: { $0.value.count > $1.value.count }) {
        print("- \(names[0]) (\(names.count) alike)\n  \(sentence)")
      }
    }
    #expect(direct + adapted > 0)
    if training {
      #expect(trained > 0 || wanted != "1")
      #expect(trained == direct + adapted || wanted != "1")
    }
  }
}
