import PluginAPI
import Testing

@testable import Host

@Suite("What evaluate prints") struct EvaluationTests {
  private let table = EvaluationTable(
    name: "birds",
    result: [
      "figures": [
        ["name": "fid2k", "value": 9.5, "samples": 2000],
        ["name": "mcsd", "value": 0.026412, "samples": 100],
      ],
      "imagesPerSecond": 12.24, "parameters": 109_160_163,
      "perceptors": [
        ["path": "perceptors.similarity", "use": "some/network", "hash": "0123456789abcdef"]
      ],
    ])

  @Test("A line a figure; parameters are cut, not rounded")
  func lines() {
    #expect(
      table.lines == """
        fid2k                  9.5 (2000 samples)
        mcsd                   0.02641 (100 samples)
        images/s               12.2 (one at a time)
        parameters             109.1 M (generator and encoders)
        perceptors.similarity  some/network, weights 0123456789abcdef
        """)
  }

  @Test("A row under the titles that are asked for, and as Markdown")
  func row() {
    #expect(
      table.row(["FID", "mCSD", "mOCD", "FPS", "#M"]) == """
        model  FID  mCSD     mOCD  FPS   #M
        birds  9.5  0.02641  –     12.2  109.1

        | model | FID | mCSD | mOCD | FPS | #M |
        | --- | --- | --- | --- | --- | --- |
        | birds | 9.5 | 0.02641 | – | 12.2 | 109.1 |
        """)
  }
}
