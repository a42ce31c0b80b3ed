import AviaryScenes
import Testing

@Suite("Scenes of birds")
struct SceneTests {
  @Test("A scene is a function of its seeds")
  func determinism() {
    for seed in 0..<4 as Range<UInt64> {
      let first = Scene(geometry: seed, appearance: seed, maximumBirds: 3).rendered(side: 48)
      let second = Scene(geometry: seed, appearance: seed, maximumBirds: 3).rendered(side: 48)
      #expect(first.image == second.image)
      #expect(first.labels == second.labels && first.instances == second.instances)
      #expect(first.birds == second.birds)
    }
    #expect(
      Scene(geometry: 1, appearance: 1).rendered(side: 48).image
        != Scene(geometry: 2, appearance: 1).rendered(side: 48).image)
  }

  @Test("Labels are classes, and a pixel belongs to a bird where its label is a bird's part")
  func labels() {
    var seen: Set<UInt8> = []
    for seed in 0..<60 as Range<UInt64> {
      let scene = Scene(geometry: seed, appearance: seed, maximumBirds: 3)
      let rendering = scene.rendered(side: 64)
      #expect(rendering.labels.count == 64 * 64 && rendering.image.count == 64 * 64 * 3)
      seen.formUnion(rendering.labels)
      #expect(rendering.birds.count == scene.birds.count)
      for (label, instance) in zip(rendering.labels, rendering.instances) {
        #expect(Label(rawValue: label)?.isBird == (instance > 0), "label \(label)")
        #expect(Int(instance) <= scene.birds.count)
      }
      let largest = rendering.instances.filter { $0 == 1 }.count
      #expect(largest > 64 * 64 / 60, "seed \(seed): the largest bird has \(largest) pixels")
    }
    #expect(seen == Set(Label.allCases.map(\.rawValue)))
  }

  @Test("The label map is that of the geometry, whatever the appearance")
  func appearance() {
    for seed in 0..<12 as Range<UInt64> {
      let first = Scene(geometry: seed, appearance: 1).rendered(side: 64)
      let second = Scene(geometry: seed, appearance: 2).rendered(side: 64)
      #expect(first.labels == second.labels && first.instances == second.instances)
      #expect(first.image != second.image)
      #expect(first.birds == second.birds)
    }
  }

  @Test("A class looks different while all others stay, up to its smooth edges")
  func restyled() {
    let tolerance = 0.04  // share of the other classes' pixels that smooth edges may change
    var changed: [Label: Int] = [:]
    for seed in 0..<10 as Range<UInt64> {
      let scene = Scene(geometry: seed, appearance: seed)
      let before = scene.rendered(side: 128)
      for label in Label.allCases {
        let after = scene.restyled(label, seed: seed &+ 99).rendered(side: 128)
        #expect(after.labels == before.labels)
        var inside = 0
        var outside = 0
        for pixel in before.labels.indices where Self.differs(before, after, pixel) {
          if before.labels[pixel] == label.rawValue { inside += 1 } else { outside += 1 }
        }
        changed[label, default: 0] += inside
        #expect(
          Double(outside) <= tolerance * Double(before.labels.count),
          "seed \(seed), \(label): \(outside) pixels of other classes changed")
      }
    }
    for label in Label.allCases { #expect(changed[label, default: 0] > 0, "\(label)") }
  }

  @Test("The same scene has the same label map at every side", arguments: [32, 48, 64, 100, 256])
  func sides(_ side: Int) {
    let agreement = 0.9
    for seed in 0..<8 as Range<UInt64> {
      let scene = Scene(geometry: seed, appearance: seed, maximumBirds: 2)
      let small = scene.rendered(side: side)
      let large = scene.rendered(side: 256)
      var equal = 0
      for y in 0..<side {
        for x in 0..<side {
          let there = (2 * y + 1) * 256 / (2 * side) * 256 + (2 * x + 1) * 256 / (2 * side)
          if small.labels[y * side + x] == large.labels[there] { equal += 1 }
        }
      }
      let share = Double(equal) / Double(side * side)
      #expect(share >= agreement, "seed \(seed): \(share) of the pixels agree")
      for (a, b) in zip(small.birds[0].keypoints, large.birds[0].keypoints) {
        guard let a, let b else { continue }
        let distance = a / Float(side) - b / 256
        #expect(abs(distance.x) < 0.01 && abs(distance.y) < 0.01)
      }
    }
  }

  @Test("Key points and boxes lie inside the picture and on their bird")
  func keypoints() {
    var visible = [Int](repeating: 0, count: Keypoint.allCases.count)
    for seed in 0..<80 as Range<UInt64> {
      let rendering = Scene(geometry: seed, appearance: seed, maximumBirds: 3).rendered(side: 64)
      for (index, bird) in rendering.birds.enumerated() {
        let pixels = rendering.instances.indices.filter {
          rendering.instances[$0] == UInt8(index + 1)
        }
        #expect(bird.box == Self.box(around: pixels, side: 64))
        for keypoint in Keypoint.allCases {
          guard let point = bird[keypoint] else { continue }
          visible[keypoint.rawValue] += 1
          #expect(point.x >= 0 && point.x < 64 && point.y >= 0 && point.y < 64)
          let isNear = pixels.contains { pixel in
            abs(Float(pixel % 64) + 0.5 - point.x) <= 1.5
              && abs(Float(pixel / 64) + 0.5 - point.y) <= 1.5
          }
          #expect(isNear, "seed \(seed): the \(keypoint.name) is not on bird \(index)")
        }
      }
    }
    for keypoint in Keypoint.allCases {
      #expect(visible[keypoint.rawValue] > 0, "\(keypoint.name) is never visible")
    }
    #expect(visible[Keypoint.eye.rawValue] > 60)
  }

  @Test("A bird in another pose keeps kind and plumage")
  func reposed() {
    for seed in 0..<20 as Range<UInt64> {
      let scene = Scene(geometry: seed, appearance: seed, maximumBirds: 2)
      let other = scene.reposed(seed &+ 5)
      #expect(other.birds.map(\.species) == scene.birds.map(\.species))
      #expect(other.birds.map(\.plumage) == scene.birds.map(\.plumage))
      #expect(other.birds.map(\.pose) != scene.birds.map(\.pose))
    }
  }

  private static func differs(_ a: Rendering, _ b: Rendering, _ pixel: Int) -> Bool {
    (0..<3).contains { abs(Int(a.image[3 * pixel + $0]) - Int(b.image[3 * pixel + $0])) > 8 }
  }

  private static func box(around pixels: [Int], side: Int) -> SIMD4<Float> {
    let columns = pixels.map { $0 % side }
    let rows = pixels.map { $0 / side }
    guard let left = columns.min(), let right = columns.max(), let top = rows.min(),
      let bottom = rows.max()
    else { return SIMD4() }
    return SIMD4(
      Float(left), Float(top), Float(right - left + 1), Float(bottom - top + 1))
  }
}
