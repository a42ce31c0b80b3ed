/// The kinds of birds that live in the aviary.
public enum Species: Int, CaseIterable, Sendable {
  case robin, tit, cardinal, goldfinch, bluebird, thrush
  case kingfisher, sparrow, duck, heron, gull, swallow

  /// Lower-case name.
  public var name: String { "\(self)" }

  /// Build.
  var proportions: Proportions {
    var p = Proportions()
    switch self {
    case .robin:
      p.depth = 0.64
      p.headRadius = 0.245
      p.tailLength = 0.46
    case .tit:
      p.depth = 0.66
      p.headRadius = 0.27
      p.billLength = 0.12
      p.billDepth = 0.08
      p.bill = .cone
      p.tail = .notched
      p.tailLength = 0.48
      p.eye = 0.048
    case .cardinal:
      p.bill = .cone
      p.billLength = 0.19
      p.billDepth = 0.15
      p.crest = 0.30
      p.tail = .rounded
      p.tailLength = 0.78
      p.tailWidth = 0.18
    case .goldfinch:
      p.bill = .cone
      p.billLength = 0.17
      p.billDepth = 0.12
      p.tail = .notched
      p.tailLength = 0.50
      p.headRadius = 0.235
    case .bluebird:
      p.depth = 0.60
      p.tailLength = 0.52
      p.bill = .thin
      p.billLength = 0.16
      p.headRadius = 0.24
    case .thrush:
      p.depth = 0.55
      p.billLength = 0.20
      p.bill = .stout
      p.tailLength = 0.60
      p.legLength = 0.42
      p.headRadius = 0.215
      p.tail = .rounded
    case .kingfisher:
      p.depth = 0.58
      p.headRadius = 0.29
      p.neck = Point(0.20, -0.24)
      p.bill = .dagger
      p.billLength = 0.50
      p.billDepth = 0.12
      p.tailLength = 0.28
      p.tailWidth = 0.13
      p.legLength = 0.20
      p.crest = 0.10
      p.eye = 0.055
    case .sparrow:
      p.depth = 0.60
      p.bill = .cone
      p.billLength = 0.15
      p.billDepth = 0.11
      p.headRadius = 0.24
      p.tail = .notched
      p.tailLength = 0.50
    case .duck:
      p.depth = 0.50
      p.headRadius = 0.185
      p.neck = Point(0.20, -0.42)
      p.neckWidth = 0.125
      p.bill = .flat
      p.billLength = 0.27
      p.billDepth = 0.095
      p.tail = .pointed
      p.tailLength = 0.26
      p.tailWidth = 0.12
      p.legLength = 0.28
      p.legWidth = 0.030
      p.wingReach = 0.02
      p.eye = 0.040
      p.webbed = true
    case .heron:
      p.depth = 0.44
      p.headRadius = 0.130
      p.neck = Point(0.28, -0.86)
      p.neckWidth = 0.070
      p.bill = .dagger
      p.billLength = 0.42
      p.billDepth = 0.075
      p.crest = 0.16
      p.tail = .square
      p.tailLength = 0.24
      p.tailWidth = 0.13
      p.legLength = 0.98
      p.legWidth = 0.022
      p.span = 1.35
      p.chord = 0.62
      p.eye = 0.034
    case .gull:
      p.depth = 0.46
      p.headRadius = 0.175
      p.neck = Point(0.24, -0.26)
      p.bill = .hooked
      p.billLength = 0.22
      p.billDepth = 0.080
      p.tail = .square
      p.tailLength = 0.34
      p.legLength = 0.40
      p.legWidth = 0.024
      p.wingReach = 0.30
      p.span = 1.55
      p.chord = 0.42
      p.eye = 0.038
      p.webbed = true
    case .swallow:
      p.depth = 0.42
      p.headRadius = 0.185
      p.neck = Point(0.20, -0.20)
      p.bill = .thin
      p.billLength = 0.09
      p.billDepth = 0.060
      p.tail = .forked
      p.tailLength = 0.80
      p.tailWidth = 0.12
      p.legLength = 0.16
      p.wingReach = 0.38
      p.span = 1.40
      p.chord = 0.36
      p.eye = 0.042
    }
    return p
  }
}
