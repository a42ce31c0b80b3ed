/// What attributes and captions speak of: one bird, what it does and where.
public struct Sighting: Sendable {
  /// Kind of bird.
  public let species: Species
  /// How its parts look.
  public let plumage: Plumage
  /// What it is doing.
  public let activity: Activity
  /// Where it is.
  public let habitat: Habitat

  /// Describes a bird.
  public init(species: Species, plumage: Plumage, activity: Activity, habitat: Habitat) {
    self.species = species
    self.plumage = plumage
    self.activity = activity
    self.habitat = habitat
  }
}

extension Scene {
  /// What is to be said of one of the birds.
  public func sighting(of bird: Int = 0) -> Sighting {
    let bird = birds[bird]
    return Sighting(
      species: bird.species, plumage: bird.plumage, activity: bird.pose.activity, habitat: habitat)
  }
}

/// How large a kind of bird is.
public enum BirdSize: String, CaseIterable, Sendable {
  case small, medium, large
}

extension Species {
  /// How large the kind is in nature, whatever its size in a picture.
  public var size: BirdSize {
    switch self {
    case .robin, .tit, .goldfinch, .bluebird, .sparrow, .swallow: .small
    case .cardinal, .thrush, .kingfisher: .medium
    case .duck, .heron, .gull: .large
    }
  }
}

extension Proportions {
  /// Length of the beak as a multiple of the head's.
  var relativeBillLength: Float { billLength / (2 * headRadius) }
  /// Whether feathers stand up from the crown.
  var isCrested: Bool { crest > 0 }
}
