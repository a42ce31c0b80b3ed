import Foundation
import PluginAPI

/// A check of one component, to be asked in a process of its own.
struct CheckRequest: Codable {
  /// The hidden command: `workbench __check JSON`.
  static let command = "__check"

  /// The plugin's file.
  let path: String
  /// The second half of the component's id.
  let component: String
  /// The check's name.
  let check: String
  /// The part of the question.
  var probe: String?
  /// Chooses inputs, weights and directions.
  let seed: UInt64
  /// The component's settings, as JSON.
  let settings: String
  /// Whether the plugin is loaded after the others instead of before.
  var isLast = false

  /// The child's side: loads the plugin, asks, prints the answer and ends the process.
  static func answer(_ text: String) -> Never {
    // As large as the state of a network with few weights may be.
    ChildProcess.limitFiles(to: 1 << 30)
    do {
      let request = try JSONDecoder().decode(CheckRequest.self, from: Data(text.utf8))
      ChildProcess.answer(try request.answered())
    } catch {
      ChildProcess.answer(CheckAnswer.failed("\(error)"))
    }
  }

  private func answered() throws -> CheckAnswer {
    guard let check = allChecks.first(where: { $0.name == self.check }) else {
      throw ConfigurationError("there is no check \(self.check)")
    }
    do {
      return try check.run(subject(), probe: probe)
    } catch let failure as CheckFailure {
      return .failed(failure.description)
    } catch let skipped as CheckSkipped {
      return .skipped(skipped.reason)
    } catch let errors as HyperparameterErrors {
      return .failed(errors.sentence)
    } catch {
      return .failed("\(error)")
    }
  }

  /// The component, with what it may have in its slots.
  private func subject() throws -> Subject {
    let loader = PluginLoader(trust: .anyone)
    var others: [PluginDescription] = []
    if isLast { others = try rest(loader, except: nil) }
    let plugin = try loader.load(path)
    guard let description = plugin.description.components.first(where: { $0.name == component })
    else { throw ConfigurationError("\(plugin.description.id) has no component \(component)") }
    let needsOthers =
      check == AnyLoadOrder.name || description.hyperparameters.contains { $0.slot != nil }
    if !isLast, needsOthers { others = try rest(loader, except: plugin.description.id) }
    others.removeAll { $0.id == plugin.description.id }
    return Subject(
      id: "\(plugin.description.id)/\(component)", description: description,
      secondsToDescribe: plugin.seconds, catalog: Catalog(others + [plugin.description]),
      seed: seed, given: try JSONValue(parsing: settings).setting)
  }

  /// The other plugins of the search path; those that can't be used are left out.
  private func rest(_ loader: PluginLoader, except id: String?) throws -> [PluginDescription] {
    let found = PluginCatalog().paths.filter { $0.key != id && $0.value.count == 1 }
    let paths = found.sorted { $0.key < $1.key }.compactMap(\.value.first)
    return (isLast ? paths.reversed() : paths).filter { $0 != path }
      .compactMap { try? loader.load($0).description }
  }
}
