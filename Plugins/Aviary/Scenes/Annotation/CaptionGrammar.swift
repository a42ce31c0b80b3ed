/// The phrases captions are made of.
///
/// A word in braces is a ``CaptionSlot``; a phrase can be used only where all of its slots can be
/// filled. `<bird>`, `<feature>` and `<clause>` stand for phrases of these lists; no part of a bird
/// is mentioned twice. `a` becomes `an` where it should. Commas are written, but are not words.
enum CaptionGrammar {
  /// What a feature or clause speaks of.
  enum Part: CaseIterable {
    case bill, head, crown, throat, face, crest, breast, belly, wing, flight, tail, legs
  }

  static let sentences = [
    "this <bird> has <feature> and <feature>",
    "this <bird> has <feature> , <feature> and <feature>",
    "a <bird> with <feature> , <feature> and <feature>",
    "a <bird> {doing} with <feature> and <feature>",
    "a <bird> {doing} , with <feature> and <feature>",
    "this is a <bird> with <feature> and <feature>",
    "this is a <bird> with <feature> , <feature> and <feature>",
    "this <bird> has <feature> , and <clause>",
    "the <bird> {doing} has <feature> and <feature>",
    "a <bird> with <feature> is {doing}",
    "{doing} , this <bird> shows <feature> and <feature>",
    "there is a <bird> with <feature> , and <clause>",
    "<feature> and <feature> mark this <bird> {doing}",
  ]

  static let birds = [
    "bird", "{size} bird", "{main} bird", "{size} {main} bird", "{size} bird", "mostly {main} bird",
    "{species}", "{size} {species}",
  ]

  /// Noun phrases.
  static func features(_ part: Part) -> [String] {
    switch part {
    case .bill:
      [
        "a {bill} beak", "a {billShape} {bill} beak", "a {billLength} {bill} bill",
        "a {billLength} {billShape} bill", "a {bill} bill",
        "a {billLength} {billShape} {bill} beak",
      ]
    case .head: ["a {head} head", "a {head} face"]
    case .crown: ["a {crown} crown", "a {crown} cap"]
    case .throat: ["a {throat} throat"]
    case .face:
      [
        "a {eyeline} line through the eye", "a {eyeline} eye line", "a {eyebrow} eyebrow",
        "a {eyebrow} stripe above the eye", "a {mask} mask", "a {mask} patch around the eye",
        "a {cheek} cheek", "a {cheek} cheek patch", "a {ring} eye ring",
        "a {ring} ring around the eye",
      ]
    case .crest: ["a {crest} crest"]
    case .breast:
      [
        "a {breast} breast", "a {breastPattern} {breast} breast", "a {breast} chest",
        "{breastMark} {breastMarks} on its {breast} breast", "a {breastPattern} breast",
      ]
    case .belly: ["a {belly} belly", "{underparts} underparts"]
    case .wing:
      [
        "{wing} wings", "{wing} wings with {wingBars} bars", "{wing} wings edged in {wingEdges}",
        "{wing} wings with {wingSpots} spots", "{wing} upperparts", "{wingBars} wing bars",
      ]
    case .flight: ["{flight} flight feathers"]
    case .tail:
      [
        "a {tail} tail", "a {tailShape} {tail} tail", "a {tailLength} {tail} tail",
        "a {tailShape} tail", "a {tailLength} {tailShape} tail",
      ]
    case .legs: ["{legs} legs", "{legLength} {legs} legs", "{legs} legs and feet"]
    }
  }

  /// Clauses with `its`.
  static func clauses(_ part: Part) -> [String] {
    switch part {
    case .bill:
      [
        "its beak is {bill}", "its bill is {bill} and {billShape}",
        "its bill is {billLength} and {bill}",
      ]
    case .head: ["its head is {head}"]
    case .crown: ["its crown is {crown}"]
    case .throat: ["its throat is {throat}"]
    case .face: ["its cheek is {cheek}"]
    case .crest: ["its crest is {crest}"]
    case .breast: ["its breast is {breast}", "its breast is {breast} and {breastPattern}"]
    case .belly: ["its belly is {belly}", "its underparts are {underparts}"]
    case .wing: ["its wings are {wing}", "its wings are {wing} with {wingBars} bars"]
    case .flight: ["its flight feathers are {flight}"]
    case .tail: ["its tail is {tail}", "its {tail} tail is {tailShape}"]
    case .legs: ["its legs are {legs}"]
    }
  }
}

extension Activity {
  /// Participles that tell what a bird does, true of that habitat.
  func words(in habitat: Habitat) -> [String] {
    switch self {
    case .perched: ["perched on a branch", "sitting on a branch", "resting on a branch"]
    case .standing:
      habitat == .water
        ? ["standing in shallow water", "wading in the water"]
        : ["standing on the ground", "standing in a meadow"]
    case .swimming: ["swimming on the water", "floating on the water"]
    case .flying: ["flying through the air", "flying with spread wings", "in flight"]
    }
  }
}
