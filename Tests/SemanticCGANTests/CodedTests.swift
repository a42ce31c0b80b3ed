import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("A residual generator with a code, as DSCGAN trains it")
struct CodedTests {
  @Test("Two images of one condition, labels and edges, teach each other to differ")
  func diversity() throws {
    let text = """
      {
        "dataset": { "use": "aviary/birds", "with": { "side": 32, "trainCount": 4 } },
        "latent": { "use": "essentials/normal" },
        "generator": {
          "use": "semantic-cgan/resnet",
          "with": {
            "width": 2, "halvings": 2, "blocks": 2, "norm": "instance", "latentSize": 6,
            "condition": "labelsAndEdges",
          },
        },
        "generations": { "first": {}, "second": {} },
        "discriminators": [
          { "use": "semantic-cgan/multiscale", "on": "first.image", "with": { "width": 2 } },
        ],
        "losses": [
          {
            "use": "essentials/least-squares",
            "with": { "discriminatorWeight": 0.5, "scales": "sum" },
          },
          {
            "use": "bicyclegan/diversity", "weight": 10,
            "inputs": {
              "first": "first.image", "second": "second.image", "firstZ": "first.z",
              "secondZ": "second.z",
            },
          },
        ],
        "optimizers": {
          "generator": { "use": "essentials/adam" }, "discriminators": { "use": "essentials/adam" },
        },
        "procedure": { "phases": [
          {
            "name": "discriminator", "updates": ["discriminators"], "optimizer": "discriminators",
            "losses": "discriminator", "batch": "new", "generation": "fresh", "pass": "fakeFirst",
          },
          {
            "name": "generator", "updates": ["generator"], "optimizer": "generator",
            "losses": "generator", "batch": "same", "generation": "reuse",
          },
        ] },
        "training": { "batchSize": 2, "for": { "steps": 2 } },
        "reports": { "every": { "steps": 1 }, "samples": 2 },
      }
      """
    let names = ["Essentials", "Aviary", "SemanticCGAN", "BicycleGAN"]
    let catalog = Catalog(try names.map { try PluginUnderTest($0).description })
    let resolution = try Resolution(JSONValue(parsing: text, named: "coded"), with: catalog)
    #expect(resolution.generations["first"]?["z"]?.port["size"] == 6)
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: "coded", in: folder.path)
    _ = try TrainingLoop(resolution, in: run, hash: "test").train(resuming: false)
    let reports = try JSONLines.read(run.statistics)
    #expect(reports.count == 2)
    for report in reports {
      let loss = try #require(report["losses"]?["generator/diversity"]?.doubleValue)
      #expect(loss < 0)  // the code changes the image
    }
  }
}
