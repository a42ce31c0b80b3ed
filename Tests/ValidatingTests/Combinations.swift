import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// A component with settings, as an experiment names it.
struct Choice {
  let id: String
  let with: Setting
  /// Whether a setting changes what it consumes.
  let isVariant: Bool

  var name: String { isVariant ? "\(id) \(with.text)" : id }
  var part: [String: Setting] { ["use": .string(id), "with": with] }
}

/// One of each kind.
struct Combination {
  var generator: Choice
  var discriminator: Choice
  var loss: String
  var optimizer: String
  var view = "essentials/whole"

  var name: String {
    let members = [generator.name, discriminator.name, loss, optimizer]
    return (view == "essentials/whole" ? members : members + [view]).joined(separator: " × ")
  }
}

/// The pictures that combinations are tried on, at 64×64.
struct Ground {
  let name: String
  /// Whether it has pairs of pictures, where they are asked for.
  let hasPairs: Bool
  let dataset: @Sendable (_ pairs: Bool) -> Setting

  static let aviary = Ground(name: "Aviary", hasPairs: true) { pairs in
    [
      "use": "aviary/birds",
      "with": ["side": 64, "trainCount": 64, "validationCount": 8, "pairs": .bool(pairs)],
    ]
  }

  /// Photographs of ../shared/data.
  static let facades = Ground(name: "facades", hasPairs: false) { _ in
    [
      "use": "facades/cmp",
      "with": ["side": 64, "folder": .string(SharedData.path("facades"))],
    ]
  }
}

/// The combinations of components on a ground, what each needs, and a short training.
struct Combinations {
  let catalog: Catalog
  let ground: Ground
  let steps: Int

  /// What stands in an experiment for those who ask for it: codes, a source beside the picture.
  private struct Companion {
    let name: String
    let members: [String: Setting]
    let hasPairs: Bool
  }

  private var companions: [Companion] {
    (ground.hasPairs ? [false, true] : [false]).flatMap { pairs in
      func style(_ id: String, _ with: Setting) -> [String: Setting] {
        ["encoders": ["style": ["use": .string(id), "with": with]]]
      }
      let rows: [(String, [String: Setting])] = [
        ("nothing", [:]), ("a latent", ["latent": ["use": "essentials/normal"]]),
        ("a code a class", style("smis/class-split", ["width": 1])),
        ("a code", style("smis/image-encoder", ["width": 2, "side": 64])),
      ]
      return rows.map {
        Companion(name: pairs ? $0.0 + " and pairs" : $0.0, members: $0.1, hasPairs: pairs)
      }
    }
  }

  /// How a combination fits.
  struct Fit {
    let resolution: Resolution
    /// The first of the companions with which it does.
    let need: String
    /// Why it does not without any.
    let refusal: String?

    /// Whether adapters stand between its parts.
    var usesAdapters: Bool {
      let parts = resolution.parts.values.flatMap { $0.bindings.values }
      let generations = resolution.generations.values.flatMap(\.values)
      return (parts + generations).contains { !$0.adapters.isEmpty }
    }
  }

  /// Resolves a combination, with companions where it needs some.
  ///
  /// - Throws: `Diagnostics` with the fewest faults, where it fits with none.
  func fit(_ combination: Combination) throws -> Fit {
    var least: Diagnostics?
    var first: Diagnostics?
    for companion in companions {
      let root = experiment(combination, companion)
      do {
        let resolution = try Resolution(root, with: catalog, besides: [])
        try Networks.check(resolution, in: root)
        return Fit(
          resolution: resolution, need: companion.name, refusal: first.map { "\($0)" })
      } catch let error as Diagnostics {
        first = first ?? error
        if error.faults.count < least?.faults.count ?? .max { least = error }
      }
    }
    throw try #require(least)
  }

  /// Trains for the steps, and expects to come to the end.
  func train(_ fit: Fit, in folder: String, _ name: String) throws {
    let run = try RunFolder(creating: "combination", in: folder)
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    do {
      let ending = try TrainingLoop(fit.resolution, in: run, hash: "none").train(resuming: false)
      #expect(ending == .finished, "\(name)")
    } catch let error as TrainingError {
      Issue.record("\(name): \(error)")
    }
  }

  private func experiment(_ combination: Combination, _ companion: Companion) -> JSONValue {
    let view: Setting = ["use": .string(combination.view)]
    let discriminator = combination.discriminator.part.merging(["view": view]) { $1 }
    let optimizer: Setting = ["use": .string(combination.optimizer)]
    let members: [String: Setting] = [
      "name": "combination", "dataset": ground.dataset(companion.hasPairs),
      "generator": .object(combination.generator.part),
      "discriminators": .array([.object(discriminator)]),
      "losses": .array([["use": .string(combination.loss)]]),
      "optimizers": ["generator": optimizer, "discriminators": optimizer],
      "procedure": "essentials/discriminator-first",
      "training": ["batchSize": 2, "for": ["steps": .number(Double(steps))]],
      "reports": ["samples": 2],
    ]
    return JSONValue(setting: .object(members.merging(companion.members) { _, new in new }))
  }

  /// Components of a kind, once as they are and, where asked for, once for each choice that changes
  /// what they consume.
  func choices(_ kind: ComponentKind, withVariants: Bool = false) -> [Choice] {
    let context = Resolution.portContext(
      bound: [:], image: .image("image", side: 64), catalog: catalog, parts: [:])
    return catalog.ids(of: kind).flatMap { id -> [Choice] in
      guard let component = catalog.components[id] else { return [] }
      let small = small(component)
      let plain = Choice(id: id, with: .object(small), isVariant: false)
      guard withVariants else { return [plain] }
      func ports(_ settings: Setting) -> [PluginAPI.Port.Kind] {
        ((try? component.consumes(settings, in: context)) ?? []).map(\.kind)
      }
      var found = [plain]
      for setting in component.hyperparameters {
        let values = (setting.choices ?? []).map { Setting.string($0) }
        for value in values + (setting.type.hasSuffix("?") && !values.isEmpty ? [.null] : []) {
          guard ports([setting.name: value]) != ports([:]) else { continue }
          let with = small.merging([setting.name: value]) { _, new in new }
          found.append(Choice(id: id, with: .object(with), isVariant: true))
        }
      }
      return found
    }
  }

  /// Settings that make a component small, in itself and in what it is built on.
  private func small(_ component: ComponentDescription) -> [String: Setting] {
    var with: [String: Setting] = [:]
    for setting in component.hyperparameters {
      switch setting.name {
      case "width": with[setting.name] = 2
      case "hidden": with[setting.name] = 8
      case "blocks": with[setting.name] = 1
      case "backbone":
        guard case .object(var part) = setting.defaultValue else { continue }
        var own: [String: Setting] = [:]
        if case .object(let given)? = part["with"] { own = given }
        part["with"] = .object(own.merging(["width": 2]) { _, new in new })
        with[setting.name] = .object(part)
      default: continue
      }
    }
    return with
  }
}
