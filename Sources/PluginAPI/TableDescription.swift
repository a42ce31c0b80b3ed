/// A named table that a plugin ships: what its columns show of a trained model, and what measures it.
///
///     TableDescription(
///       "similarity", "How near images come to the real ones.",
///       columns: ["PSNR": "psnr", "FPS": "imagesPerSecond", "#M": "parameters"],
///       json: #"{ "reports": { "metrics": [{ "use": "essentials/psnr" }] } }"#)
public struct TableDescription: Sendable {
  /// The second half of its id.
  public let name: String
  /// One sentence.
  public let summary: String
  /// From left to right, a title and the name of the figure below it: that of a metric's ``Figure``,
  /// `imagesPerSecond` or `parameters`.
  public let columns: [(title: String, figure: String)]
  /// What measures the figures, as an experiment file would write it: its `reports.metrics` and the
  /// `perceptors` that they look through.
  public let json: String

  /// Describes a table.
  public init(
    _ name: String, _ summary: String, columns: KeyValuePairs<String, String>, json: String
  ) {
    self.name = name
    self.summary = summary
    self.columns = columns.map { ($0.key, $0.value) }
    self.json = json
  }
}
