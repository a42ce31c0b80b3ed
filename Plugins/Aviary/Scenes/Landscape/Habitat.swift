/// Where a scene's birds are.
public enum Habitat: String, CaseIterable, Sendable {
  case branch, ground, water, sky

  /// What birds do there.
  func activity(_ species: Species) -> Activity {
    switch self {
    case .branch: .perched
    case .ground: .standing
    case .water: species == .heron ? .standing : .swimming
    case .sky: .flying
    }
  }
}

extension Species {
  /// Habitats of the species; one that is named twice is twice as likely.
  var habitats: [Habitat] {
    switch self {
    case .robin, .sparrow, .thrush: [.branch, .branch, .ground, .ground, .sky]
    case .tit, .cardinal, .goldfinch, .bluebird: [.branch, .branch, .branch, .ground, .sky]
    case .kingfisher: [.branch, .branch, .branch, .sky]
    case .duck: [.water, .water, .water, .ground, .sky]
    case .heron: [.water, .water, .ground, .sky]
    case .gull: [.ground, .water, .sky, .sky]
    case .swallow: [.sky, .sky, .branch]
    }
  }
}
