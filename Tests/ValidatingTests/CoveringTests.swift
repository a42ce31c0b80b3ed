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

  /// Trains a combination with each component that was in none before.
  ///
  /// - Returns: the ids of those that fit nowhere, sorted.
  private func cover(_ all: Combinations) throws -> [String] {
    let generators = all.choices(.generator)
    let discriminators = all.choices(.discriminator)
    let losses = all.catalog.ids(of: .adversarialLoss)
    let optimizers = all.catalog.ids(of: .optimizer)
    let views = all.catalog.ids(of: .view)
    let ids = generators.map(\.id) + discriminators.map(\.id) + losses + optimizers + views
    var open = Set(ids)
    var trained: Choice?
    let folder = try TemporaryFolder()
    for id in ids where open.contains(id) {
      /// The wanted one alone where it is of this kind, else those that were in none first.
      func ordered<Element>(_ elements: [Element], _ name: (Element) -> String) -> [Element] {
        let wanted = elements.filter { name($0) == id }
        guard wanted.isEmpty else { return wanted }
        return elements.filter { open.contains(name($0)) }
          + elements.filter { !open.contains(name($0)) }
      }
      // What one generator cannot have beside it, no other can.
      let isGenerator = generators.contains { $0.id == id }
      let candidates = isGenerator ? generators : trained.map { [$0] } ?? generators
      func fitting() -> (Combination, Combinations.Fit)? {
        for generator in ordered(candidates, \.id) {
          for discriminator in ordered(discriminators, \.id) {
            for loss in ordered(losses, \.self) {
              for view in ordered(views, \.self) {
                let combination = Combination(
                  generator: generator, discriminator: discriminator, loss: loss,
                  optimizer: ordered(optimizers, \.self)[0], view: view)
                if let fit = try? all.fit(combination) { return (combination, fit) }
              }
            }
          }
        }
        return nil
      }
      guard let (combination, fit) = fitting() else { continue }
      try all.train(fit, in: folder.path, combination.name)
      trained = combination.generator
      open.subtract([
        combination.generator.id, combination.discriminator.id, combination.loss,
        combination.optimizer, combination.view,
      ])
    }
    return open.sorted()
  }
}
