/// A question about a bird with a fixed list of answers; each answer is one binary attribute.
public enum AttributeGroup: String, CaseIterable, Sendable {
  case billColor = "has_bill_color"
  case billShape = "has_bill_shape"
  case billLength = "has_bill_length"
  case headColor = "has_head_color"
  case crownColor = "has_crown_color"
  case headPattern = "has_head_pattern"
  case headShape = "has_head_shape"
  case eye = "has_eye"
  case breastColor = "has_breast_color"
  case breastPattern = "has_breast_pattern"
  case bellyColor = "has_belly_color"
  case wingColor = "has_wing_color"
  case wingPattern = "has_wing_pattern"
  case tailColor = "has_tail_color"
  case tailShape = "has_tail_shape"
  case legColor = "has_leg_color"
  case size = "has_size"
  case activity = "has_activity"
  case habitat = "has_habitat"

  /// The answers, in the order of their attributes.
  public var values: [String] {
    switch self {
    case .billColor, .legColor: Self.bareColors.map(\.name)
    case .headColor, .crownColor, .breastColor, .bellyColor: PlumageColor.allCases.map(\.name)
    case .wingColor, .tailColor: Self.upperColors.map(\.name)
    case .billShape: BillShape.allCases.map(\.rawValue)
    case .billLength: ["shorter_than_head", "about_as_long_as_head", "longer_than_head"]
    case .headPattern: HeadPattern.allCases.map(\.rawValue)
    case .headShape: ["crested", "smooth"]
    case .eye: ["ringed", "plain"]
    case .breastPattern: BreastPattern.allCases.map(\.rawValue)
    case .wingPattern: WingPattern.allCases.map(\.rawValue)
    case .tailShape: TailShape.allCases.map(\.rawValue)
    case .size: BirdSize.allCases.map(\.rawValue)
    case .activity: Activity.allCases.map(\.rawValue)
    case .habitat: Habitat.allCases.map(\.rawValue)
    }
  }

  /// Colours that parts without feathers come in.
  private static let bareColors: [PlumageColor] = [
    .black, .grey, .brown, .red, .orange, .yellow, .pink,
  ]

  /// Colours that wings and tails come in.
  private static let upperColors = PlumageColor.allCases.filter { $0 != .orange && $0 != .pink }

  /// The true answer for a bird; nil where the part cannot be seen.
  public func value(of sighting: Sighting) -> String? {
    let plumage = sighting.plumage
    let build = sighting.species.proportions
    switch self {
    case .billColor: return plumage.beak.color.name.name
    case .billShape: return build.bill.rawValue
    case .billLength:
      let ratio = build.relativeBillLength
      return values[ratio < 0.6 ? 0 : ratio < 1.1 ? 1 : 2]
    case .headColor: return plumage.head.color.name.name
    case .crownColor: return plumage.head.crown.name.name
    case .headPattern: return plumage.head.pattern.rawValue
    case .headShape: return build.isCrested ? "crested" : "smooth"
    case .eye: return plumage.head.eyeRing ? "ringed" : "plain"
    case .breastColor: return plumage.breast.color.name.name
    case .breastPattern: return plumage.breast.pattern.rawValue
    case .bellyColor: return plumage.breast.belly.name.name
    case .wingColor: return plumage.wing.color.name.name
    case .wingPattern: return plumage.wing.pattern.rawValue
    case .tailColor: return plumage.tail.color.name.name
    case .tailShape: return build.tail.rawValue
    case .legColor:
      return sighting.activity == .swimming ? nil : plumage.legs.color.name.name
    case .size: return sighting.species.size.rawValue
    case .activity: return sighting.activity.rawValue
    case .habitat: return sighting.habitat.rawValue
    }
  }
}
