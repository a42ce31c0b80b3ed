import PluginAPI
import Testing

@Suite("Learning rate schedules")
struct ScheduleTests {
  @Test("Falling from the first decay epoch: d/(d+1) down to 1/(d+1)")
  func first() throws {
    // 1 - max(0, e - 2) / 4 in epochs e = 1 … 6.
    #expect(try factors(["firstLowered": "first"]) == [1, 1, 0.75, 0.5, 0.25, 0])
  }

  @Test("Falling after the first decay epoch: 1 down to 1/d")
  func second() throws {
    let third = Float(1.0 / 3)
    #expect(try factors(["firstLowered": "second"]) == [1, 1, 1, Float(2.0 / 3), third, 0])
  }

  private func factors(_ rule: Setting) throws -> [Float] {
    guard case .object(var settings) = rule else { return [] }
    settings["constant"] = ["epochs": 2]
    settings["decay"] = ["epochs": 3]
    let schedule = try Essentials.build(
      "constant-then-linear-decay", .object(settings), as: (any Schedule).self)
    return (0..<6).map { finished in
      schedule.factor(at: TrainingProgress(step: 17, images: 99, epoch: finished))
    }
  }

  @Test(
    "Images and steps fall continuously",
    arguments: [
      ("images", 0, 1), ("images", 100, 1), ("images", 125, 0.5), ("images", 150, 0),
      ("images", 999, 0), ("steps", 110, 0.8),
    ] as [(String, Int, Float)])
  func continuous(_ unit: String, _ position: Int, _ expected: Float) throws {
    let schedule = try Essentials.build(
      "constant-then-linear-decay",
      ["constant": .object([unit: 100]), "decay": .object([unit: 50])], as: (any Schedule).self)
    let progress = TrainingProgress(
      step: unit == "steps" ? position : 0, images: unit == "images" ? position : 0, epoch: 0)
    #expect(schedule.factor(at: progress) == expected)
  }

  @Test("A decay of no length is a step")
  func abrupt() throws {
    let schedule = try Essentials.build(
      "constant-then-linear-decay", ["constant": ["steps": 3], "decay": ["steps": 0]],
      as: (any Schedule).self)
    let values = (2...4).map {
      schedule.factor(at: TrainingProgress(step: $0, images: 0, epoch: 0))
    }
    #expect(values == [1, 1, 0])
  }

  @Test("The constant schedule")
  func constant() throws {
    let schedule = try Essentials.build("constant", ["factor": 0.25], as: (any Schedule).self)
    #expect(schedule.factor(at: TrainingProgress(step: 5, images: 9, epoch: 1)) == 0.25)
  }
}
