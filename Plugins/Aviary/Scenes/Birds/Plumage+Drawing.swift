/// What the parts of a species usually look like.
struct TypicalPlumage {
  var beak: PlumageColor
  var face: PlumageColor
  var crown: PlumageColor
  var throat: PlumageColor
  var headPattern: HeadPattern
  var headMark: PlumageColor
  var breast: PlumageColor
  var belly: PlumageColor
  var breastPattern: BreastPattern
  var breastMark: PlumageColor
  var wing: PlumageColor
  var flight: PlumageColor
  var wingPattern: WingPattern
  var wingMark: PlumageColor
  var tail: PlumageColor
  var legs: PlumageColor
}

extension Species {
  /// What the species usually wears.
  var typical: TypicalPlumage {
    func look(
      beak: PlumageColor,
      head: (PlumageColor, PlumageColor, PlumageColor, HeadPattern, PlumageColor),
      breast: (PlumageColor, PlumageColor, BreastPattern, PlumageColor),
      wing: (PlumageColor, PlumageColor, WingPattern, PlumageColor), tail: PlumageColor,
      legs: PlumageColor
    ) -> TypicalPlumage {
      TypicalPlumage(
        beak: beak, face: head.0, crown: head.1, throat: head.2, headPattern: head.3,
        headMark: head.4, breast: breast.0, belly: breast.1, breastPattern: breast.2,
        breastMark: breast.3, wing: wing.0, flight: wing.1, wingPattern: wing.2, wingMark: wing.3,
        tail: tail, legs: legs)
    }
    switch self {
    case .robin:
      return look(
        beak: .black, head: (.orange, .brown, .orange, .capped, .brown),
        breast: (.orange, .white, .plain, .brown), wing: (.brown, .brown, .plain, .buff),
        tail: .brown, legs: .brown)
    case .tit:
      return look(
        beak: .black, head: (.white, .blue, .black, .eyeline, .black),
        breast: (.yellow, .yellow, .plain, .black), wing: (.green, .blue, .barred, .white),
        tail: .blue, legs: .grey)
    case .cardinal:
      return look(
        beak: .orange, head: (.red, .red, .black, .masked, .black),
        breast: (.red, .red, .plain, .rufous), wing: (.red, .rufous, .plain, .red), tail: .red,
        legs: .brown)
    case .goldfinch:
      return look(
        beak: .orange, head: (.yellow, .black, .yellow, .capped, .black),
        breast: (.yellow, .white, .plain, .brown), wing: (.yellow, .black, .barred, .white),
        tail: .black, legs: .pink)
    case .bluebird:
      return look(
        beak: .black, head: (.blue, .blue, .rufous, .plain, .black),
        breast: (.rufous, .white, .plain, .brown), wing: (.blue, .blue, .plain, .black),
        tail: .blue, legs: .black)
    case .thrush:
      return look(
        beak: .brown, head: (.brown, .brown, .white, .eyebrow, .buff),
        breast: (.buff, .white, .spotted, .brown), wing: (.brown, .brown, .plain, .buff),
        tail: .brown, legs: .pink)
    case .kingfisher:
      return look(
        beak: .black, head: (.blue, .blue, .white, .cheeked, .orange),
        breast: (.orange, .orange, .plain, .rufous), wing: (.blue, .green, .spotted, .white),
        tail: .blue, legs: .red)
    case .sparrow:
      return look(
        beak: .black, head: (.grey, .rufous, .black, .capped, .rufous),
        breast: (.grey, .buff, .streaked, .brown), wing: (.rufous, .brown, .edged, .buff),
        tail: .brown, legs: .pink)
    case .duck:
      return look(
        beak: .yellow, head: (.green, .green, .green, .plain, .black),
        breast: (.rufous, .grey, .plain, .brown), wing: (.grey, .brown, .barred, .blue),
        tail: .white, legs: .orange)
    case .heron:
      return look(
        beak: .yellow, head: (.white, .white, .white, .eyebrow, .black),
        breast: (.white, .grey, .streaked, .grey), wing: (.grey, .black, .edged, .white),
        tail: .grey, legs: .yellow)
    case .gull:
      return look(
        beak: .yellow, head: (.white, .white, .white, .plain, .grey),
        breast: (.white, .white, .plain, .grey), wing: (.grey, .black, .plain, .white),
        tail: .white, legs: .pink)
    case .swallow:
      return look(
        beak: .black, head: (.blue, .blue, .rufous, .capped, .blue),
        breast: (.buff, .white, .banded, .blue), wing: (.blue, .black, .plain, .white),
        tail: .black, legs: .black)
    }
  }
}

extension Plumage {
  /// How often a part looks as it usually does on its species.
  static let loyalty: Float = 0.6

  static let soft: [PlumageColor] = [
    .white, .buff, .grey, .brown, .rufous, .white, .buff, .yellow, .orange, .red, .pink, .blue,
    .green, .black,
  ]
  static let upper: [PlumageColor] = [
    .brown, .grey, .black, .blue, .green, .rufous, .brown, .buff, .red, .white, .yellow,
  ]

  /// Draws one part of a plumage after another; equal `seeds` give equal parts.
  ///
  /// - Parameters:
  ///   - species: what the bird is; its parts look typical with probability ``loyalty``.
  ///   - seeds: the seed of each part.
  init(_ species: Species, seeds: (Label) -> UInt64) {
    let t = species.typical
    var draws = Draws(seeds(.beak))
    let beakName =
      draws.chance(0.6) ? t.beak : draws.pick([.black, .grey, .yellow, .orange, .red, .pink])
    beak = Beak(color: Tint(beakName, &draws), darkTip: draws.chance(0.35))

    draws = Draws(seeds(.head))
    head = Head(t, &draws)
    draws = Draws(seeds(.breast))
    breast = Breast(t, &draws)
    draws = Draws(seeds(.wing))
    wing = Wing(t, &draws)

    draws = Draws(seeds(.tail))
    tail = Tail(
      color: Tint(draws.chance(Plumage.loyalty) ? t.tail : draws.pick(Plumage.upper), &draws),
      paleEdge: draws.chance(0.25))
    draws = Draws(seeds(.legs))
    legs = Legs(
      color: Tint(
        draws.chance(0.6) ? t.legs : draws.pick([.black, .grey, .brown, .orange, .yellow, .pink]),
        &draws))
  }
}

extension Plumage.Head {
  init(_ t: TypicalPlumage, _ draws: inout Draws) {
    let typical = draws.chance(Plumage.loyalty)
    let face = typical ? t.face : draws.pick(Plumage.soft)
    var pattern = typical ? t.headPattern : draws.pick(HeadPattern.allCases)
    var mark = typical ? t.headMark : Self.contrast(face, &draws)
    var crown = typical ? t.crown : (pattern == .capped ? Self.contrast(face, &draws) : face)
    if mark == face { mark = face == .black ? .white : .black }
    if pattern == .capped, crown == face { crown = mark }
    if !typical, pattern != .capped { crown = face }
    if pattern == .plain, crown != face { pattern = .capped }
    let throat =
      typical
      ? t.throat : (draws.chance(0.6) ? face : draws.pick([.white, .black, .buff, .orange, .red]))
    let faceTint = Tint(face, &draws)
    color = faceTint
    self.crown = crown == face ? faceTint : Tint(crown, &draws)
    self.throat = throat == face ? faceTint : Tint(throat, &draws)
    self.pattern = pattern
    self.mark = Tint(mark, &draws)
    eyeRing = draws.chance(0.22)
  }

  /// A colour for marks that stands out from `color`.
  static func contrast(_ color: PlumageColor, _ draws: inout Draws) -> PlumageColor {
    let bright = color.color.luminance > 0.55
    return draws.pick(
      bright ? [.black, .brown, .black, .grey, .blue, .rufous] : [.white, .buff, .yellow, .black])
  }
}

extension Plumage.Breast {
  init(_ t: TypicalPlumage, _ draws: inout Draws) {
    let typical = draws.chance(Plumage.loyalty)
    let breast = typical ? t.breast : draws.pick(Plumage.soft)
    let belly =
      typical ? t.belly : draws.chance(0.35) ? breast : draws.pick([.white, .buff, .yellow, .grey])
    let pattern: BreastPattern
    var mark: PlumageColor
    if draws.chance(Plumage.loyalty) {
      pattern = t.breastPattern
      mark = t.breastMark
    } else {
      pattern = draws.pick(BreastPattern.allCases)
      mark = .brown
    }
    if !typical || abs(mark.color.luminance - breast.color.luminance) < 0.2 {
      mark = breast.color.luminance > 0.5 ? draws.pick([.brown, .black, .rufous]) : .white
    }
    color = Tint(breast, &draws)
    self.belly = belly == breast ? color : Tint(belly, &draws)
    self.pattern = pattern
    self.mark = Tint(mark, &draws)
  }
}

extension Plumage.Wing {
  init(_ t: TypicalPlumage, _ draws: inout Draws) {
    let typical = draws.chance(Plumage.loyalty)
    let base = typical ? t.wing : draws.pick(Plumage.upper)
    let long =
      typical ? t.flight : (draws.chance(0.6) ? base : draws.pick([.black, .brown, .grey]))
    let pattern =
      draws.chance(Plumage.loyalty) ? t.wingPattern : draws.pick(WingPattern.allCases)
    var mark = typical ? t.wingMark : draws.pick([.white, .buff, .white, .yellow])
    if abs(mark.color.luminance - base.color.luminance) < 0.2 {
      mark = base.color.luminance > 0.6 ? .black : .white
    }
    color = Tint(base, &draws)
    flight = long == base ? color : Tint(long, &draws)
    self.pattern = pattern
    self.mark = Tint(mark, &draws)
  }
}
