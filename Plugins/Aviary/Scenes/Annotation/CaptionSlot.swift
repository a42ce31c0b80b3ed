/// A gap in a phrase of the grammar, filled with what is true of the bird.
enum CaptionSlot: String, CaseIterable {
  case size, main, species, doing
  case bill, billShape, billLength
  case head, crown, throat, eyeline, eyebrow, mask, cheek, ring, crest
  case breast, breastPattern, breastMark, breastMarks, belly, underparts
  case wing, wingBars, wingEdges, wingSpots, flight
  case tail, tailShape, tailLength, legs, legLength

  /// Everything that can ever stand in the gap; the vocabulary is made from it.
  var lexicon: [String] {
    switch self {
    case .size: BirdSize.allCases.flatMap(\.words)
    case .species: Species.allCases.map(\.name)
    case .doing:
      Activity.allCases.flatMap { activity in
        Habitat.allCases.flatMap { activity.words(in: $0) }
      }
    case .billShape: BillShape.allCases.flatMap(\.words)
    case .billLength, .tailLength, .legLength: ["short", "long"]
    case .ring: ["pale"]
    case .breastPattern: BreastPattern.allCases.flatMap(\.adjectives)
    case .breastMarks: BreastPattern.allCases.flatMap(\.nouns)
    case .tailShape: TailShape.allCases.map(\.rawValue)
    default: PlumageColor.allCases.flatMap(\.words)
    }
  }

  /// The words that are true of a bird, any of which will do; none where there is nothing to say.
  func words(for sighting: Sighting) -> [String] {
    let build = sighting.species.proportions
    let head = sighting.plumage.head
    let breast = sighting.plumage.breast
    let wing = sighting.plumage.wing
    let tail = sighting.plumage.tail.color.name
    switch self {
    case .size: return sighting.species.size.words
    case .main:
      let color = wing.color.name
      return color == head.color.name || color == breast.color.name ? color.words : []
    case .species: return [sighting.species.name]
    case .doing: return sighting.activity.words(in: sighting.habitat)
    case .bill: return sighting.plumage.beak.color.name.words
    case .billShape: return build.bill.words
    case .billLength: return length(build.relativeBillLength, short: 0.45, long: 0.8)
    case .head: return head.color.name.words
    case .crown: return head.crown.name == head.color.name ? [] : head.crown.name.words
    case .throat: return head.throat.name == head.color.name ? [] : head.throat.name.words
    case .eyeline: return head.pattern == .eyeline ? head.mark.name.words : []
    case .eyebrow: return head.pattern == .eyebrow ? head.mark.name.words : []
    case .mask: return head.pattern == .masked ? head.mark.name.words : []
    case .cheek: return head.pattern == .cheeked ? head.mark.name.words : []
    case .ring: return head.eyeRing ? ["pale"] : []
    case .crest: return build.isCrested ? head.crown.name.words : []
    case .breast: return breast.color.name.words
    case .breastPattern: return breast.pattern.adjectives
    case .breastMark: return breast.pattern == .plain ? [] : breast.mark.name.words
    case .breastMarks: return breast.pattern.nouns
    case .belly: return breast.belly.name == breast.color.name ? [] : breast.belly.name.words
    case .underparts: return breast.belly.name == breast.color.name ? breast.color.name.words : []
    case .wing: return wing.color.name.words
    case .wingBars: return wing.pattern == .barred ? wing.mark.name.words : []
    case .wingEdges: return wing.pattern == .edged ? wing.mark.name.words : []
    case .wingSpots: return wing.pattern == .spotted ? wing.mark.name.words : []
    case .flight: return wing.flight.name == wing.color.name ? [] : wing.flight.name.words
    case .tail: return tail.words
    case .tailShape: return [build.tail.rawValue]
    case .tailLength: return length(build.tailLength, short: 0.35, long: 0.7)
    case .legs: return sighting.activity == .swimming ? [] : sighting.plumage.legs.color.name.words
    case .legLength:
      return sighting.activity == .standing ? length(build.legLength, short: 0.25, long: 0.7) : []
    }
  }

  private func length(_ value: Float, short: Float, long: Float) -> [String] {
    value < short ? ["short"] : value > long ? ["long"] : []
  }
}

extension PlumageColor {
  /// What captions call the colour.
  public var words: [String] {
    switch self {
    case .rufous: ["rufous", "chestnut"]
    case .buff: ["buff", "cream"]
    default: [name]
    }
  }
}

extension BirdSize {
  fileprivate var words: [String] {
    switch self {
    case .small: ["small", "little"]
    case .medium: []
    case .large: ["large", "big"]
    }
  }
}

extension BillShape {
  fileprivate var words: [String] {
    switch self {
    case .thin: ["thin", "slender"]
    case .cone: ["conical", "cone shaped"]
    case .dagger: ["pointed", "dagger shaped"]
    case .hooked: ["hooked"]
    case .flat: ["flat", "broad"]
    case .stout: ["stout"]
    }
  }
}

extension BreastPattern {
  fileprivate var adjectives: [String] {
    switch self {
    case .plain: []
    case .spotted: ["spotted", "speckled"]
    case .streaked: ["streaked"]
    case .banded: ["banded"]
    }
  }

  fileprivate var nouns: [String] {
    switch self {
    case .plain: []
    case .spotted: ["spots"]
    case .streaked: ["streaks"]
    case .banded: ["bands"]
    }
  }
}
