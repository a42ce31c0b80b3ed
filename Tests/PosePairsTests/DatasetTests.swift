import Foundation
import PluginAPI
import TestSupport
import Testing

@Suite("Pairs of one person in two poses")
struct PosePairDatasetTests {
  nonisolated(unsafe) static let plugin = Result { try PluginUnderTest("PosePairs") }

  private static func dataset(
    _ folder: String, _ more: [String: Setting] = [:]
  ) throws -> any Dataset {
    let settings: [String: Setting] = ["folder": .string(folder)]
    return try plugin.get().build(
      "market-1501", .object(settings.merging(more) { $1 }), as: (any Dataset).self)
  }

  private static func sample(
    _ dataset: any Dataset, _ index: Int, of split: Split = .train
  ) throws -> Sample {
    var random = RandomStream(seed: 1, stream: "visit")
    return try dataset.sample(index, of: split, using: &random)
  }

  /// The published table of key points, cut to 1500 rows, and a photograph for each of its names.
  private static func market() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (split, cut) in [("train", "train"), ("test", "test")] {
      let table = SharedData.path("person_pose/market-annotation-\(cut).csv")
      let photographs = folder.file("market-dataset/\(split)")
      try FileManager.default.createDirectory(
        atPath: photographs, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("market-annotation-\(split).csv"), withDestinationPath: table)
      let text = try String(contentsOfFile: table, encoding: .utf8)
      for line in text.split(separator: "\n").dropFirst() {
        let name = line.prefix { $0 != ":" }
        try FileManager.default.createSymbolicLink(
          atPath: "\(photographs)/\(name)",
          withDestinationPath: SharedData.path("person_pose/market-userstudy/to/0.jpg"))
      }
    }
    return folder
  }

  @Test(
    "Pairs, transforms and masks of the published table of key points",
    .enabled(if: SharedData.has("person_pose"), "no ../shared/data/person_pose"))
  func published() throws {
    let folder = try Self.market()
    let dataset = try Self.dataset(folder.path, ["testPairs": 50])
    let fixture = try Fixture.load("pose_pairs")
    #expect([Float(try dataset.count(of: .train))] == (try fixture["real/pairs"].values))
    #expect(try dataset.count(of: .validation) == 50)
    let transforms = try fixture["real/transforms"].values
    let whole = try fixture["real/whole"].values
    let areas = try fixture["real/areas"].values
    for index in 0..<60 {
      let sample = try Self.sample(dataset, index)
      let found =
        try #require(sample["partTransforms"]).values
        + (try #require(sample["wholeTransform"]).values)
      let expected =
        Array(transforms[index * 80..<(index + 1) * 80]) + whole[index * 8..<(index + 1) * 8]
      let isClose = zip(found, expected).allSatisfy {
        abs($0 - $1) <= GeometryTests.tolerance * max(1, abs($1))
      }
      #expect(isClose, "pair \(index)")
      var area = [Float](repeating: 0, count: 10)
      for (place, value) in try #require(sample["partMasks"]).values.enumerated() {
        area[place % 10] += value
      }
      #expect(area == Array(areas[index * 10..<(index + 1) * 10]), "pair \(index)")
      // A person takes a good part of such a photograph, never all of it.
      let mask = try #require(sample["mask"]).values
      #expect((500..<6000).contains(mask.filter { $0 == 1 }.count), "pair \(index)")
      #expect(sample["image"]?.shape == [128, 64, 3] && sample["keypoints.x"]?.shape == [18])
      try dataset.check(index, of: .train)
    }
  }

  @Test(
    "At another size photographs, key points and masks go together",
    .enabled(if: SharedData.has("person_pose"), "no ../shared/data/person_pose"))
  func resized() throws {
    let folder = try Self.market()
    let large = try Self.dataset(folder.path, ["height": 256, "width": 128])
    let small = try Self.dataset(folder.path)
    let (a, b) = (try Self.sample(large, 3), try Self.sample(small, 3))
    #expect(a["image"]?.shape == [256, 128, 3] && a["partMasks"]?.shape == [256, 128, 10])
    let (x, y) = (try #require(a["keypoints.x"]).values, try #require(b["keypoints.x"]).values)
    for (big, little) in zip(x, y) where little >= 0 { #expect(big == 2 * little + 0.5) }
    // The body's map moves by twice as many pixels.
    let (big, little) = (
      try #require(a["partTransforms"]).values, try #require(b["partTransforms"]).values
    )
    #expect(abs(big[0] - little[0]) < 1e-4)
    let shift = 2 * (little[2] + 0.25 - 0.25 * (little[0] + little[1]))
    #expect(abs(big[2] - shift) < 1e-3)
  }

  @Test("Aviary's pairs have the same ports, in numbers of its own")
  func aviary() throws {
    func ports(_ plugin: PluginUnderTest, _ name: String, _ settings: Setting) throws -> [PluginAPI
      .Port]
    {
      let component = try #require(plugin.description.components.first { $0.name == name })
      let context = PortContext(bound: [:], image: nil) { reference, _, _ in
        throw ConfigurationError("there is no slot for \(reference.use)")
      }
      return try component.provides(settings, in: context)
    }
    let birds = try ports(PluginUnderTest("Aviary"), "birds", ["pairs": true])
    for port in try ports(Self.plugin.get(), "market-1501", [:]) {
      let bird = try #require(birds.first { $0.name == port.name }, "\(port.name)")
      #expect(bird.kind == port.kind && bird.role == port.role)
      #expect(Set(bird.attributes.keys) == Set(port.attributes.keys), "\(port.name)")
    }
  }
}
