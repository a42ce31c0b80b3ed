/// What `inspect`, help and the JSON schema say of one setting.
public struct HyperparameterDescription: Sendable, Hashable {
  /// The key in the experiment file's `with` object.
  public let name: String
  /// The type in words, such as `Int` or `batch | instance`.
  public let type: String
  /// The value when the file says nothing.
  public let defaultValue: Setting
  /// The smallest accepted number.
  public let minimum: Double?
  /// The largest accepted number.
  public let maximum: Double?
  /// The accepted strings of a choice.
  public let choices: [String]?
  /// The kind of component a slot takes.
  public let slot: ComponentKind?
  /// One sentence: what it does, with its unit.
  public let sentence: String
}
