import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// A few of the combinations, so chosen that every component is in one.
@Suite("Every generator, discriminator, adversarial loss, optimizer and view trains with others")
struct CoveringTests {
  /// What the plugins of the tree offer.
  static func catalog() throws -> Catalog {
    let files = try FileManager.default.contentsOfDirectory(atPath: products)
      .filter { $0.hasPrefix("lib") && $0.hasSuffix(".so") && $0 != "libWorkbenchCore.so" }
    return Catalog(
      try files.sorted().map {
        try PluginUnderTest(String($0.dropFirst(3).dropLast(3))).description
      })
  }

  @Test("Two steps on Aviary; there is nothing that fits nowhere")
  func aviary() throws {
    let all = Combinations(catalog: try Self.catalog(), ground: .aviary, steps: 2)
    #expect(try cover(all).isEmpty)
  }

  @Test(
    "Two steps on photographs; what asks for more than labels and pictures fits nowhere",
    .enabled(if: SharedData.has("facades"), "no ../shared/data/facades"))
  func facades() throws {
    let all = Combinations(catalog: try Self.catalog(), ground: .facades, steps: 2)
    let none = [
      "deformable-gan/discriminator", "deformable-gan/generator", "essentials/foreground",
    ]
    #expect(try cover(all) == none)
  }

  /// Trains combinations until every component that fits anywhere was in one.
  ///
  /// - Returns: the ids of those that fit nowhere, sorted.
  private func cover(_ all: Combinations) throws -> [String] {
    let generators = all.choices(.generator)
    let discriminators = all.choices(.discriminator)
    let losses = all.catalog.ids(of: .adversarialLoss)
    let optimizers = all.catalog.ids(of: .optimizer)
    let views = all.catalog.ids(of: .view)
    var open = Set(generators.map(\.id) + discriminators.map(\.id) + losses + optimizers + views)
    let folder = try TemporaryFolder()
    /// Those that were in none first.
    func ordered<Element>(_ elements: [Element], _ id: (Element) -> String) -> [Element] {
      elements.filter { open.contains(id($0)) } + elements.filter { !open.contains(id($0)) }
    }
    func next() throws -> Bool {
      for generator in ordered(generators, \.id) {
        for discriminator in ordered(discriminators, \.id) {
          for loss in ordered(losses, \.self) {
            for view in ordered(views, \.self) {
              let combination = Combination(
                generator: generator, discriminator: discriminator, loss: loss,
                optimizer: ordered(optimizers, \.self)[0], view: view)
              let ids = Set([generator.id, discriminator.id, loss, combination.optimizer, view])
              guard !open.isDisjoint(with: ids), let fit = try? all.fit(combination) else {
                continue
              }
              try all.train(fit, in: folder.path, combination.name)
              open.subtract(ids)
              return true
            }
          }
        }
      }
      return false
    }
    while try !open.isEmpty && next() {}
    return open.sorted()
  }
}
