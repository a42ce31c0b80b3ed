import AviaryScenes
import PluginAPI
import TestSupport
import Testing

@Suite("The dataset aviary/birds")
struct DatasetTests {
  nonisolated(unsafe) static let plugin = Result { try PluginUnderTest("Aviary") }

  private static func dataset(_ settings: Setting = [:]) throws -> any Dataset {
    try plugin.get().build("birds", settings, as: (any Dataset).self)
  }

  private static func ports(_ settings: Setting) throws -> [Port] {
    let component = try #require(try plugin.get().description.components.first)
    let context = PortContext(bound: [:], image: nil) { reference, _, _ in
      throw ConfigurationError("there is no slot for \(reference.use)")
    }
    return try component.provides(settings, in: context)
  }

  private static func sample(
    _ dataset: any Dataset, _ index: Int, of split: Split = .train, visit: Int = 0
  ) throws -> Sample {
    var random = RandomStream(seed: 1, stream: "visit", step: visit)
    return try dataset.sample(index, of: split, using: &random)
  }

  @Test("A field for every port, of the port's shape", arguments: [32, 64, 256])
  func fields(_ side: Int) throws {
    let settings: Setting = ["side": .number(Double(side)), "birds": 3, "pairs": true]
    let dataset = try Self.dataset(settings)
    for index in 0..<3 {
      let sample = try Self.sample(dataset, index)
      var expected: [String: [Int]] = [:]
      for port in try Self.ports(settings) { expected.merge(Self.shapes(of: port)) { $1 } }
      #expect(sample.mapValues(\.shape) == expected)
    }
  }

  @Test("A sample is a function of seed, split and index")
  func determinism() throws {
    let dataset = try Self.dataset(["attributeNoise": 0.4, "pairs": true])
    let again = try Self.dataset(["attributeNoise": 0.4, "pairs": true, "trainCount": 7])
    let reseeded = try Self.dataset(["attributeNoise": 0.4, "pairs": true, "seed": 2])
    for index in 0..<3 {
      let sample = try Self.sample(dataset, index)
      #expect(sample == (try Self.sample(again, index)))
      #expect(sample["image"] != (try Self.sample(reseeded, index)["image"]))
      #expect(sample["image"] != (try Self.sample(dataset, index + 1)["image"]))
      #expect(sample["image"] != sample["source"])
    }
  }

  @Test("Training draws among five captions, validation always takes the first")
  func captions() throws {
    let dataset = try Self.dataset(["side": 32])
    var drawn: Set<Field> = []
    for visit in 0..<40 {
      let sample = try Self.sample(dataset, 3, visit: visit)
      let caption = try #require(sample["caption.tokens"])
      drawn.insert(caption)
      let all = try #require(sample["captions.tokens"])
      let rows = (0..<5).map { Array(all.values[($0 * 18)..<($0 * 18 + 18)]) }
      #expect(rows.contains(caption.values))
      let length = try #require(sample["caption.lengths"]?.values.first)
      #expect(caption.values.prefix(Int(length)).allSatisfy { $0 > 0 })
      #expect(caption.values.dropFirst(Int(length)).allSatisfy { $0 == 0 })
    }
    #expect(drawn.count == 5)
    let validation = try (0..<10).map {
      try Self.sample(dataset, 3, of: .validation, visit: $0)["caption.tokens"]
    }
    #expect(Set(validation).count == 1)
  }

  @Test("Splits have the counts asked for and share no picture")
  func splits() throws {
    let dataset = try Self.dataset(["side": 32, "trainCount": 60, "validationCount": 40])
    #expect(try dataset.count(of: .train) == 60)
    #expect(try dataset.count(of: .validation) == 40)
    let train = try (0..<60).map { try Self.sample(dataset, $0)["image"] }
    let validation = try (0..<40).map { try Self.sample(dataset, $0, of: .validation)["image"] }
    #expect(Set(train).count == 60 && Set(validation).count == 40)
    #expect(Set(train).isDisjoint(with: validation))
  }

  @Test("Labels, masks, instances, edges and boxes agree with each other")
  func agreement() throws {
    let dataset = try Self.dataset(["birds": 3])
    for index in 0..<12 {
      let sample = try Self.sample(dataset, index)
      let labels = try #require(sample["labels"]).values
      let mask = try #require(sample["mask"]).values
      let map = try #require(sample["instanceMap"]).values
      let masks = try #require(sample["instances.masks"]).values
      let edges = try #require(sample["edges"]).values
      #expect(try #require(sample["image"]).values.allSatisfy { (-1...1).contains($0) })
      for pixel in labels.indices {
        let isBird = Label(rawValue: UInt8(labels[pixel]))?.isBird
        #expect(isBird == (mask[pixel] == 1) && isBird == (map[pixel] > 0))
        for bird in 0..<3 {
          #expect((masks[pixel * 3 + bird] == 1) == (map[pixel] == Float(bird + 1)))
        }
        let (x, y) = (pixel % 64, pixel / 64)
        var neighbours: [Int] = []
        if x > 0 { neighbours.append(pixel - 1) }
        if x < 63 { neighbours.append(pixel + 1) }
        if y > 0 { neighbours.append(pixel - 64) }
        if y < 63 { neighbours.append(pixel + 64) }
        #expect((edges[pixel] == 1) == neighbours.contains { map[$0] != map[pixel] })
      }
      let valid = try #require(sample["instances.valid"]).values
      let boxes = try #require(sample["boxes"]).values
      for bird in 0..<3 {
        #expect((valid[bird] == 1) == map.contains(Float(bird + 1)))
        #expect((valid[bird] == 1) == (boxes[bird * 4 + 2] > 0))
      }
    }
  }

  @Test("Wrong attributes are as many as asked for; the true ones stay beside them")
  func noise() throws {
    let clean = try Self.dataset(["side": 32])
    let noisy = try Self.dataset(["side": 32, "attributeNoise": 0.4])
    var wrong: Float = 0
    var all: Float = 0
    for index in 0..<200 {
      let sample = try Self.sample(noisy, index)
      let given = try #require(sample["attributes"]).values
      let truth = try #require(sample["trueAttributes"]).values
      let reference = try Self.sample(clean, index)
      #expect(truth == reference["attributes"]?.values)
      #expect(truth == reference["trueAttributes"]?.values)
      let list = try #require(sample["attributeList.tokens"]).values.filter { $0 > 0 }
      #expect(list.map { Int($0) - 1 } == given.indices.filter { given[$0] == 1 })
      all += given.reduce(0, +)
      for (mine, theirs) in zip(given, truth) where mine == 1 && theirs == 0 { wrong += 1 }
    }
    #expect(abs(wrong / all - 0.4) < 0.03, "\(wrong / all)")
  }

  @Test("Key points are pixels of the bird, -1 where missing")
  func keypoints() throws {
    let dataset = try Self.dataset()
    for index in 0..<20 {
      let sample = try Self.sample(dataset, index)
      let x = try #require(sample["keypoints.x"]).values
      let y = try #require(sample["keypoints.y"]).values
      let visible = try #require(sample["keypoints.visible"]).values
      for point in x.indices {
        #expect((visible[point] == 1) == (x[point] >= 0) && (x[point] >= 0) == (y[point] >= 0))
        #expect(x[point] == -1 || (0..<64).contains(x[point]))
        #expect(y[point] == -1 || (0..<64).contains(y[point]))
      }
    }
  }

  @Test("The palette names and colours the classes of the label map")
  func palette() throws {
    let palette = try #require(try Self.dataset().palette)
    #expect(palette.names == Label.allCases.map(\.name))
    #expect(palette.names.count == 12 && Set(palette.colors).count == 12)
    let labels = try #require(try Self.ports([:]).first { $0.name == "labels" })
    #expect(labels["classes"] == 12 && labels["height"] == 64)
  }

  /// Shapes of a port's fields, by the table of Documentation/Ports.md.
  private static func shapes(of port: Port) -> [String: [Int]] {
    let name = port.name
    let plane = [port["height"] ?? 0, port["width"] ?? 0]
    let count = port["count"] ?? 0
    let length = port["maxLength"] ?? 0
    let max = port["max"] ?? 0
    return switch port.kind {
    case .image: [name: plane + [3]]
    case .labelMap, .instanceMap: [name: plane]
    case .edges, .mask: [name: plane + [1]]
    case .instances:
      [
        "\(name).masks": plane + [max], "\(name).classes": [max], "\(name).valid": [max],
      ]
    case .boxes: [name: [max, 4]]
    case .keypoints:
      ["\(name).x": [count], "\(name).y": [count], "\(name).visible": [count]]
    case .partTransforms: [name: [port["parts"] ?? 0, 8]]
    case .partMasks: [name: plane + [port["parts"] ?? 0]]
    case .classLabel: [name: []]
    case .attributes: [name: [count]]
    case .caption, .attributeList: ["\(name).tokens": [length], "\(name).lengths": []]
    default: ["\(name).tokens": [count, length], "\(name).lengths": [count]]
    }
  }
}
