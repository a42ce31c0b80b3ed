/// What a plugin says about itself.
public struct PluginDescription: Sendable {
  /// Lower-case name, the first half of each of its components' ids.
  public let id: String
  /// One sentence.
  public let summary: String
  /// Where it was published, if it was.
  public let paper: String?

  /// Creates a description.
  public init(id: String, summary: String, paper: String? = nil) {
    self.id = id
    self.summary = summary
    self.paper = paper
  }
}
