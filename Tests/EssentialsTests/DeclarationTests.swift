import PluginAPI
import Testing

@Suite("Declarations of Essentials")
struct DeclarationTests {
  @Test("Every bounded setting accepts its bounds and refuses what lies outside")
  func ranges() throws {
    var checked = 0
    for component in try Essentials.plugin.get().description.components {
      for setting in component.hyperparameters {
        guard let low = setting.minimum, let high = setting.maximum else { continue }
        let step = setting.type.hasPrefix("Int") ? 1 : max(abs(high), 1) * 1e-3
        for value in [low - step, high + step] {
          #expect(throws: HyperparameterErrors.self, "\(component.name).\(setting.name) = \(value)")
          {
            _ = try component.completed([setting.name: .number(value)])
          }
        }
        for value in [low, high] {
          do {
            _ = try component.completed([setting.name: .number(value)])
          } catch let errors as HyperparameterErrors {
            let isOutside = errors.errors.contains {
              if case .outside = $0.problem { true } else { false }
            }
            #expect(!isOutside, "\(component.name).\(setting.name) = \(value)")
          }
        }
        checked += 1
      }
    }
    #expect(checked >= 20)
  }

  @Test("Unknown names and choices are refused with those there are")
  func unknown() throws {
    let hinge = try Essentials.component("hinge")
    #expect(throws: HyperparameterErrors.self) { _ = try hinge.completed(["margine": 1]) }
    #expect(throws: HyperparameterErrors.self) { _ = try hinge.completed(["scales": "median"]) }
  }

  @Test(
    "Contradictions are refused",
    arguments: [
      ("sgd", ["nesterov": true]),
      ("least-squares", ["realTarget": 0]),
      ("constant-then-linear-decay", ["decay": ["images": 100]]),
    ] as [(String, Setting)])
  func contradictions(_ name: String, _ settings: Setting) throws {
    let component = try Essentials.component(name)
    let errors = try #require(throws: HyperparameterErrors.self) {
      _ = try component.completed(settings)
    }
    guard case .contradiction = errors.errors.first?.problem else {
      Issue.record("found \(errors.errors)")
      return
    }
  }

  @Test("Names are lower case, kinds are what they should be, sentences end with a full stop")
  func names() throws {
    let description = try Essentials.plugin.get().description
    #expect(description.id == "essentials")
    let kinds = Dictionary(
      uniqueKeysWithValues: description.components.map { ($0.name, $0.kind) })
    #expect(kinds["bce"] == .adversarialLoss && kinds["r1"] == .regularizer)
    #expect(kinds["kl"] == .loss && kinds["psnr"] == .metric && kinds["adam"] == .optimizer)
    for component in description.components {
      #expect(component.name == component.name.lowercased())
      #expect(component.summary.hasSuffix("."))
      for setting in component.hyperparameters {
        #expect(setting.sentence.hasSuffix("."), "\(component.name).\(setting.name)")
      }
    }
    #expect(description.procedures.map(\.name) == ["discriminator-first", "generator-first"])
  }
}
