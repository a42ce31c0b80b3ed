import PluginAPI

/// The component that a check asks: what it takes to build it, again and again.
struct Subject {
  /// `plugin/component`.
  let id: String
  /// Its declarations.
  let description: ComponentDescription
  /// How long its plugin took to be loaded and described.
  let secondsToDescribe: Double
  /// What else there is, for slots.
  let catalog: Catalog
  /// Chooses inputs, weights and directions.
  let seed: UInt64
  /// Settings said on the command line.
  let given: Setting

  /// Its kind.
  var kind: ComponentKind { description.kind }

  /// Sides at which it is tried, in the order in which they are.
  static let sizes: [Size2] = [
    Size2(16, 16), Size2(32, 32), Size2(64, 64), Size2(128, 128), Size2(256, 256), Size2(48, 48),
    Size2(32, 64),
  ]

  /// A stream of numbers for one purpose.
  func random(_ purpose: String) -> RandomStream {
    RandomStream(seed: seed, stream: "\(id) \(purpose)")
  }

  /// The component at the first size that it accepts, with few weights.
  ///
  /// - Throws: `CheckSkipped` with its own reason where it accepts none.
  func smallest() throws -> Piece {
    var refusal: any Error = ConfigurationError("no size was tried")
    for size in Self.sizes {
      do {
        return try Piece(self, size)
      } catch {
        refusal = error
      }
    }
    throw CheckSkipped("it can't be built alone: \(refusal)")
  }

  /// Settings with which the component has few weights: each whole number that may be lowered to 4
  /// without making the component impossible, and with fewer weights, is lowered. Slots that need a
  /// part of an experiment get a part of their own.
  ///
  /// - Throws: what the component throws with its defaults.
  func smallSettings(at size: Size2) throws -> Setting {
    guard case .object(var members) = given else { return given }
    for setting in description.hyperparameters {
      guard let kind = setting.slot, members[setting.name] == nil,
        let usual = try? ComponentReference(setting: setting.defaultValue),
        usual.isShared || catalog.components[usual.use] == nil
      else { continue }
      let part = catalog.ids(of: kind).first { candidate in
        members[setting.name] = ComponentReference(candidate).setting
        return (try? Piece(self, size, settings: .object(members))) != nil
      }
      members[setting.name] = part.map { ComponentReference($0).setting }
    }
    var weights = try Piece(self, size, settings: .object(members)).weightCount
    for setting in description.hyperparameters {
      guard setting.type == "Int", members[setting.name] == nil,
        case .number(let usual) = setting.defaultValue, usual > 4
      else { continue }
      let lower = Setting.number(max(4, setting.minimum ?? 1))
      let trial = members.merging([setting.name: lower]) { $1 }
      guard let count = try? Piece(self, size, settings: .object(trial)).weightCount,
        count < weights
      else { continue }
      (members, weights) = (trial, count)
    }
    return .object(members)
  }
}
