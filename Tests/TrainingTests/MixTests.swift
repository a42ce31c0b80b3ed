import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("Parts of Essentials in a run")
struct MixTests {
  @Test(
    "Losses, views, optimizers and procedures train together",
    arguments: [
      [
        "losses.0.use=essentials/hinge", "losses.1={use: \"essentials/feature-matching\"}",
        "discriminators.0.view={use: \"essentials/quadrants\"}",
      ],
      [
        "losses.0.use=essentials/least-squares", "losses.0.with={scales: \"sum\"}",
        "losses.1={use: \"essentials/feature-matching\", with: {layers: \"allButLast\"}}",
        "discriminators.0.view={use: \"essentials/pyramid\"}",
        "procedure=essentials/generator-first",
      ],
      [
        "losses.0.with={realTarget: 0.9}", "losses.1={use: \"essentials/l2\"}",
        "optimizers.discriminators={use: \"essentials/sgd\", with: {momentum: 0.9}}",
        "discriminators.0.view={use: \"essentials/whole\"}",
      ],
      ["losses.1={use: \"essentials/r1\", with: {gamma: 1}}"],
    ])
  func trains(_ overrides: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try Workshop.train(in: folder.path, overrides)
    let reports = try JSONLines.read(run.statistics)
    #expect(reports.map { $0["step"]?.intValue } == [4, 8])
    for report in reports {
      let losses = try #require(report["losses"])
      #expect(losses.keys.count >= 3, "\(losses.keys)")
      for name in losses.keys {
        #expect(losses[name]?.doubleValue?.isFinite == true, "\(name)")
      }
    }
  }

  @Test("Feature matching over views: the mean over quadrants, not their sum")
  func viewsAreScales() throws {
    let folder = try TemporaryFolder()
    let losses = try ["mean", "sum"].map { reduction in
      let run = try Workshop.train(
        in: folder.path,
        [
          "losses.1={use: \"essentials/feature-matching\", with: {scaleReduction: \"\(reduction)\"}}",
          "losses.1.weight=1e-6", "discriminators.0.view={use: \"essentials/quadrants\"}",
          "training.for={steps: 1}", "reports.every={steps: 1}",
        ])
      let report = try #require(try JSONLines.read(run.statistics).first)
      return try #require(report["losses"]?["generator/feature-matching"]?.doubleValue)
    }
    #expect(losses[0] > 0)
    #expect(abs(losses[1] / losses[0] - 4) < 1e-3)
  }
}
