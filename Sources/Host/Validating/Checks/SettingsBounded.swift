import PluginAPI

/// Each setting has a default that is allowed, and bounds that hold and can be lived with.
enum SettingsBounded: Check {
  static let name = "settings"
  static let sentence = "Bounds of settings are enforced; it builds at them or says why not."

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let description = subject.description
    guard !description.hyperparameters.isEmpty else { return .skipped("it has no settings") }
    do {
      _ = try description.completed(subject.given)
    } catch let errors as HyperparameterErrors {
      throw CheckFailure("its defaults contradict each other: \(errors.sentence)")
    }
    for setting in description.hyperparameters {
      guard !setting.sentence.isEmpty else {
        throw CheckFailure("\(setting.name) has no sentence that says what it does")
      }
      if let problem = outside(setting, setting.defaultValue, description) {
        throw CheckFailure("the default of \(setting.name) is refused: \(problem)")
      }
      try checkBounds(of: setting, description)
    }
    try build(subject)
    return .passed
  }

  private static func checkBounds(
    of setting: HyperparameterDescription, _ description: ComponentDescription
  ) throws {
    guard let low = setting.minimum, let high = setting.maximum else { return }
    let step = setting.type.hasPrefix("Int") ? 1 : max(abs(high), abs(low), 1) * 1e-3
    for value in [low - step, high + step] {
      guard outside(setting, .number(value), description) == nil else { continue }
      throw CheckFailure("\(setting.name) takes \(value), outside of \(low)...\(high)")
    }
    for value in [low, high] {
      if let problem = outside(setting, .number(value), description) {
        throw CheckFailure("\(setting.name) refuses its bound \(value): \(problem)")
      }
    }
  }

  /// What is wrong with a value by itself; contradictions with other settings are no matter here.
  private static func outside(
    _ setting: HyperparameterDescription, _ value: Setting, _ description: ComponentDescription
  ) -> String? {
    do {
      _ = try description.completed([setting.name: value])
      return nil
    } catch let errors as HyperparameterErrors {
      let own = errors.errors.filter { $0.name == setting.name }
      return own.isEmpty ? nil : errors.sentence
    } catch {
      return "\(error)"
    }
  }

  /// At each bound and with each choice it builds, or refuses in words; it does not stop.
  private static func build(_ subject: Subject) throws {
    guard let piece = try? subject.smallest(), case .object(let settings) = piece.settings else {
      return
    }
    for setting in subject.description.hyperparameters {
      let bounds = [setting.minimum, setting.maximum].compactMap { $0.map { Setting.number($0) } }
      for value in bounds + (setting.choices ?? []).map({ .string($0) }) {
        complain("with \(setting.name) = \(value.text)")
        let changed = Setting.object(settings.merging([setting.name: value]) { $1 })
        do {
          _ = try Piece(subject, piece.size, settings: changed)
        } catch is ConfigurationError {
        } catch is HyperparameterErrors {
        } catch {
          throw CheckFailure(
            "with \(setting.name) = \(value.text) it throws \(type(of: error)), no "
              + "ConfigurationError: \(error)")
        }
      }
    }
  }
}
