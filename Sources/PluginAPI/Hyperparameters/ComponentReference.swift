/// A component chosen by name with its settings: the value of a slot.
///
/// In JSON `{ "use": "essentials/whole", "with": { … } }`, or the path of a part of the same
/// experiment, `"perceptors.segmenter"`, where weights are to be shared with it.
public struct ComponentReference: HyperparameterValue, Hashable {
  /// `plugin/component`, or the path of a part of the experiment.
  public let use: String
  /// The component's settings; an object.
  public let with: Setting

  /// Creates a reference.
  public init(_ use: String, with: Setting = [:]) {
    self.use = use
    self.with = with
  }

  /// Whether `use` is the path of a part of the same experiment.
  public var isShared: Bool { !use.contains("/") }

  /// The JSON form in words.
  public static var typeName: String { "{ use, with }" }
  /// A reference names a component, so the host resolves it like a part of the experiment.
  public static var isSlot: Bool { true }

  /// Reads an object with `use` and `with`, or the path of a shared part.
  ///
  /// - Throws: ``HyperparameterProblem`` for another type or a surplus key.
  public init(setting: Setting) throws {
    switch setting {
    case .string(let path):
      self.init(path)
    case .object(let members):
      guard case .string(let use)? = members["use"] else {
        throw HyperparameterProblem.wrongType(
          expected: "an object with \"use\": \"plugin/component\"", found: setting.text)
      }
      if let surplus = members.keys.sorted().first(where: { $0 != "use" && $0 != "with" }) {
        throw HyperparameterProblem.wrongType(
          expected: "only the keys use and with", found: "the key \(surplus)")
      }
      self.init(use, with: members["with"] ?? [:])
    default:
      throw Self.mismatch(setting)
    }
  }

  /// The reference as the experiment file writes it.
  public var setting: Setting {
    isShared ? .string(use) : ["use": .string(use), "with": with]
  }
}
