/// A scene before it is drawn: where everything is and how it looks. A pure value, from seeds.
///
/// Geometry and appearance are separate draws: scenes of the same geometry have the same label map,
/// whatever their appearance.
public struct Scene: Sendable {
  /// One bird: what it is, how it looks, what it does and where.
  public struct Bird: Sendable {
    /// What it is.
    public var species: Species
    /// How it looks.
    public var plumage: Plumage
    /// What it does.
    public var pose: Pose
    /// Where the origin of the bird's own coordinates lies in the unit square.
    public internal(set) var place: Point
    /// Length of the body without head and tail, as a fraction of the picture's side.
    public internal(set) var size: Float
    /// Where its feet stand, or where it meets the water.
    var foot: Point
  }

  /// The birds, the largest first.
  public var birds: [Bird]
  /// Where the birds are.
  public var habitat: Habitat { landscape.habitat }

  var landscape: Landscape
  /// One look per class; those of a bird's parts are unused, plumages hold them.
  var looks: [Look]

  /// Draws a scene.
  ///
  /// - Parameters:
  ///   - geometry: decides every shape and place, and with them the label map.
  ///   - appearance: decides every colour and mark.
  ///   - maximumBirds: at least 1; more than one bird is drawn in about half of the scenes.
  public init(geometry: UInt64, appearance: UInt64, maximumBirds: Int = 1) {
    var draws = Draws(geometry, 0, 1)
    let species = draws.pick(Species.allCases)
    let habitat = draws.pick(species.habitats)
    landscape = Landscape(habitat, seed: draws.next())
    var kinds = [species]
    if maximumBirds > 1, draws.chance(0.5) {
      for _ in 0..<(1 + draws.below(maximumBirds - 1)) {
        let other = draws.pick(Species.allCases)
        kinds.append(other.habitats.contains(habitat) ? other : species)
      }
    }
    var colors = Draws(appearance, 0, 2)
    let mood = colors.pick(Mood.all)
    looks = Label.allCases.map { Look(mood, Draws(appearance, 1, UInt64($0.rawValue)).seed) }
    birds = kinds.enumerated().map { i, kind in
      Bird(
        species: kind,
        plumage: Plumage(kind) { Draws(appearance, 2 + UInt64(i), UInt64($0.rawValue)).seed },
        pose: Pose.drawn(habitat.activity(kind), kind, &draws), place: Point(), size: 0,
        foot: Point())
    }
    place(&draws)
  }

  /// The same birds, looking the same, in another pose and place before the same landscape.
  public func reposed(_ seed: UInt64) -> Scene {
    var result = self
    var draws = Draws(seed, 0, 3)
    for i in birds.indices {
      result.birds[i].pose = Pose.drawn(
        birds[i].pose.activity, birds[i].species, &draws)
    }
    result.place(&draws)
    return result
  }

  /// The same geometry with another appearance of one class only.
  public func restyled(_ label: Label, seed: UInt64) -> Scene {
    var result = self
    guard label.isBird else {
      result.looks[Int(label.rawValue)] = Look(seed)
      return result
    }
    for i in birds.indices {
      let fresh = Plumage(birds[i].species) { Draws(seed, UInt64(i), UInt64($0.rawValue)).seed }
      switch label {
      case .beak: result.birds[i].plumage.beak = fresh.beak
      case .head: result.birds[i].plumage.head = fresh.head
      case .breast: result.birds[i].plumage.breast = fresh.breast
      case .wing: result.birds[i].plumage.wing = fresh.wing
      case .tail: result.birds[i].plumage.tail = fresh.tail
      case .legs: result.birds[i].plumage.legs = fresh.legs
      default: break
      }
    }
    return result
  }
}
