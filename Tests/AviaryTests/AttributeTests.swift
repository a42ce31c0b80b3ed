import AviaryScenes
import Testing

@Suite("Attributes of birds")
struct AttributeTests {
  @Test("Names are written as in the field, and each is there once")
  func names() {
    #expect(Set(Attributes.names).count == Attributes.count)
    #expect(Attributes.names.contains("has_wing_color::blue"))
    #expect((100...130).contains(Attributes.count))
    #expect(Attributes.names.allSatisfy { $0.contains("::") && !$0.contains(" ") })
  }

  @Test("At most one attribute of each group is true; only what is hidden is missing")
  func groups() {
    for index in 0..<500 as Range<UInt64> {
      let sighting = Sighting.numbered(index)
      let attributes = Attributes(sighting)
      let names = attributes.present.map { Attributes.names[$0] }
      let groups = Set(names.map { $0.split(separator: ":")[0] })
      #expect(groups.count == names.count)
      #expect(names.count == Attributes.maximum - (sighting.activity == .swimming ? 1 : 0))
      #expect(names.contains("has_wing_color::\(sighting.plumage.wing.color.name)"))
      #expect(names.contains("has_activity::\(sighting.activity)"))
      #expect(attributes.ids == attributes.present.map { $0 + 1 } && attributes.ids.min() ?? 0 > 0)
      #expect(attributes.ids == attributes.ids.sorted())
      #expect(
        attributes.indicators.indices.filter { attributes.indicators[$0] == 1 }
          == attributes.present)
    }
  }

  @Test("Every attribute occurs")
  func occurrence() {
    var seen: Set<Int> = []
    for index in 0..<6_000 as Range<UInt64> { seen.formUnion(Attributes(.numbered(index)).present) }
    let never = Attributes.names.indices.filter { !seen.contains($0) }
    #expect(never.isEmpty, "\(never.map { Attributes.names[$0] })")
  }

  @Test("The share of wrong labels is the one asked for", arguments: [0, 0.1, 0.4, 1] as [Float])
  func noise(_ rate: Float) {
    let tolerance: Float = 0.015
    var wrong = 0
    var all = 0
    for index in 0..<500 as Range<UInt64> {
      let truth = Attributes(.numbered(index))
      var draws = Draws(3, index)
      let given = truth.mislabelled(rate: rate, using: &draws)
      #expect(given.present.count == truth.present.count)
      all += given.present.count
      wrong += Set(given.present).subtracting(truth.present).count
      let groups = given.present.map { Attributes.names[$0].split(separator: ":")[0] }
      #expect(groups == truth.present.map { Attributes.names[$0].split(separator: ":")[0] })
    }
    let share = Float(wrong) / Float(all)
    #expect(abs(share - rate) < (rate == 0 || rate == 1 ? 1e-6 : tolerance), "\(share)")
  }

  @Test("Errors of a low rate stay at a higher one")
  func nested() {
    let truth = Attributes(.numbered(5))
    var few = Draws(3, 5)
    var many = Draws(3, 5)
    let low = truth.mislabelled(rate: 0.2, using: &few)
    let high = truth.mislabelled(rate: 0.6, using: &many)
    for index in truth.present.indices where low.present[index] != truth.present[index] {
      #expect(high.present[index] == low.present[index])
    }
  }
}
