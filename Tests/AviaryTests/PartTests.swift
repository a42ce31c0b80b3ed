import AviaryScenes
import Testing

@Suite("Parts of birds in two poses")
struct PartTests {
  static let side = 64

  private static func pair(_ seed: UInt64) -> [(figure: Figure, places: PartPlaces)] {
    let scene = Scene(geometry: seed, appearance: seed)
    return [scene, scene.reposed(seed &+ 3)].map { scene in
      let figure = scene.rendered(side: side).birds[0]
      return (figure, PartPlaces(figure, scene.birds[0], side: side))
    }
  }

  @Test("A part's transform leads its ends here to its ends there, and back")
  func transforms() {
    let tolerance: Float = 0.01  // pixels
    let ends: [(BodyPart, Keypoint, Keypoint)] = [
      (.trunk, .tailBase, .breast), (.head, .nape, .beakBase), (.beak, .beakBase, .beakTip),
      (.nearWing, .wingShoulder, .wingTip), (.tail, .tailBase, .tailTip),
      (.nearLeg, .nearLegTop, .nearFoot),
    ]
    var checked = 0
    for seed in 0..<40 as Range<UInt64> {
      let both = Self.pair(seed)
      for (part, from, to) in ends {
        let map = both[0].places.transform(of: part, to: both[1].places)
        guard [from, to].allSatisfy({ both[0].figure[$0] != nil && both[1].figure[$0] != nil })
        else {
          #expect(map == [1, 0, 1000, 0, 1, 1000, 0, 0])
          continue
        }
        let back = both[1].places.transform(of: part, to: both[0].places)
        for keypoint in [from, to] {
          guard let here = both[0].figure[keypoint], let there = both[1].figure[keypoint] else {
            continue
          }
          checked += 1
          let moved = Self.apply(map, here - 0.5)
          #expect(Self.distance(moved, there - 0.5) < tolerance, "seed \(seed), \(part)")
          #expect(Self.distance(Self.apply(back, moved), here - 0.5) < tolerance)
        }
      }
    }
    #expect(checked > 200)
  }

  @Test("A bird that faces the other way is mirrored, one that does not is not")
  func mirroring() {
    for seed in 0..<20 as Range<UInt64> {
      let scene = Scene(geometry: seed, appearance: seed)
      let other = scene.reposed(seed &+ 3)
      let both = Self.pair(seed)
      let map = both[0].places.transform(of: .trunk, to: both[1].places)
      guard map[2] != 1000 else { continue }
      let determinant = map[0] * map[4] - map[1] * map[3]
      let turned = scene.birds[0].pose.facesLeft != other.birds[0].pose.facesLeft
      #expect((determinant < 0) == turned)
    }
  }

  @Test("A part's mask holds its ends; the trunk's is the whole picture")
  func masks() {
    for seed in 0..<10 as Range<UInt64> {
      let bird = Self.pair(seed)[0]
      #expect(bird.places.mask(of: .trunk, side: Self.side).allSatisfy { $0 == 1 })
      let mask = bird.places.mask(of: .nearWing, side: Self.side)
      guard let from = bird.figure[.wingShoulder], let to = bird.figure[.wingTip] else {
        #expect(mask.allSatisfy { $0 == 0 })
        continue
      }
      for point in [from, to] { #expect(mask[Int(point.y) * Self.side + Int(point.x)] == 1) }
      #expect(mask.contains(0))
    }
  }

  private static func apply(_ map: [Float], _ point: SIMD2<Float>) -> SIMD2<Float> {
    SIMD2(
      map[0] * point.x + map[1] * point.y + map[2], map[3] * point.x + map[4] * point.y + map[5])
  }

  private static func distance(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
    max(abs(a.x - b.x), abs(a.y - b.y))
  }
}
