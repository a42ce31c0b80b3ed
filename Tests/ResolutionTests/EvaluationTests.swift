import PluginAPI
import Testing

@testable import Host

@Suite("What evaluate prints") struct EvaluationTests {
  private static let birds = TableDescription(
    "birds", "Of birds.",
    columns: [
      "FID": "fid2k", "mCSD": "mcsd", "mOCD": "mocd", "mIoU": "mean-iou", "FPS": "imagesPerSecond",
    ],
    json: "{}")
  private let catalog = Catalog([
    PluginDescription(
      id: "some", summary: "Some.", components: [],
      tables: [
        EvaluationTests.birds,
        TableDescription("more", "More.", columns: ["Acc": "pixel-accuracy"], json: "{}"),
      ])
  ])

  private static let network: JSONValue = [
    "path": "perceptors.similarity", "use": "some/network", "isTrained": true,
    "hash": "0123456789abcdef",
  ]
  private static let drawn: JSONValue = [
    "path": "metrics.0.network", "use": "some/other", "isTrained": false,
    "hash": "123456789abcdef0",
  ]
  private let table = EvaluationTable(
    name: "birds",
    result: [
      "figures": [
        [
          "name": "fid2k", "value": 9.5, "samples": 2000,
          "networks": JSONValue([EvaluationTests.drawn]),
        ],
        [
          "name": "mcsd", "value": 0.026412, "samples": 100,
          "networks": JSONValue([EvaluationTests.network]),
        ],
        ["name": "psnr", "value": 20.5, "samples": 100],
      ],
      "imagesPerSecond": 12.24, "parameters": 109_160_163,
    ])

  @Test("A line a figure; parameters are cut, not rounded")
  func lines() {
    #expect(
      table.lines == """
        fid2k                  9.5 (2000 samples, through metrics.0.network)
        mcsd                   0.02641 (100 samples, through perceptors.similarity)
        psnr                   20.5 (100 samples)
        images/s               12.2 (one at a time)
        parameters             109.1 M (generator and encoders)
        metrics.0.network      some/other, weights 123456789abcdef0 (as drawn: none were given)
        perceptors.similarity  some/network, weights 0123456789abcdef
        """)
  }

  @Test("A row under the titles that are asked for, as Markdown, and what it was seen through")
  func row() throws {
    #expect(
      table.row(try TableRequest("FID, mcsd,mOCD,FPS,#M", in: catalog)) == """
        model  FID  mcsd     mOCD  FPS   #M
        birds  9.5  0.02641  –     12.2  109.1

        | model | FID | mcsd | mOCD | FPS | #M |
        | --- | --- | --- | --- | --- | --- |
        | birds | 9.5 | 0.02641 | – | 12.2 | 109.1 |

        FID through metrics.0.network, some/other, weights 123456789abcdef0 (as drawn: none were given)
        mcsd through perceptors.similarity, some/network, weights 0123456789abcdef
        mOCD was not measured; --table some/birds measures it
        """)
  }

  @Test("A table by its id, or by its plugin's", arguments: ["some/birds", "some"])
  func named(_ text: String) throws {
    let request = try TableRequest(text, in: catalog)
    #expect(request.table?.name == "birds")
    #expect(request.columns.map(\.title) == ["FID", "mCSD", "mOCD", "mIoU", "FPS"])
    #expect(table.row(request).hasPrefix("model  FID  mCSD     mOCD  mIoU  FPS\n"))
  }

  @Test("A figure is the very one named, before those that only begin so")
  func places() {
    let iou = TableRequest.Column(title: "mIoU", figure: "mean-iou")
    #expect(iou.place(among: ["mean-iou-real", "mean-iou"]) == 1)
    #expect(iou.place(among: ["mean-iou-real"]) == 0)
    #expect(iou.place(among: ["miou(eye)"]) == 0)
    #expect(iou.place(among: ["psnr"]) == nil)
  }

  @Test("Names that nothing has are told with those there are, the nearest first")
  func unknown() throws {
    let table = #expect(throws: ConfigurationError.self) {
      _ = try TableRequest("some/mor", in: catalog)
    }
    #expect(
      table?.message == "there is no table \"some/mor\"; there are some/more, some/birds")
    let request = try TableRequest("PSNR,mIuO", in: catalog)
    let title = #expect(throws: ConfigurationError.self) { try request.check(["psnr", "l1"]) }
    #expect(
      title?.message == "no figure begins with \"mIuO\"; there are mIoU, FID, mCSD, mOCD, FPS, #M, "
        + "Acc, psnr, l1; tables are some/more, some/birds")
    try TableRequest("PSNR,l,FPS,acc,#m", in: catalog).check(["psnr", "l1"])
  }
}
