import PluginAPI
import TestSupport
import Testing

@Suite("Photographs beside label maps of one's own")
struct FolderTests {
  private static func folder(_ count: Int = 12) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for number in 1...count {
      try folder.photograph("images/\(number).png")
      try folder.labels("labels/\(number).png")
      try folder.labels("instances/\(number).png", 7, 300)
    }
    return folder
  }

  private static func dataset(
    _ folder: TemporaryFolder, _ more: [String: Setting] = [:]
  ) throws -> any Dataset {
    let settings: [String: Setting] = ["folder": .string(folder.path), "height": 32, "width": 32]
    return try LabelMaps.dataset("folder", .object(settings.merging(more) { $1 }))
  }

  @Test("A field for every port, of the port's size, whatever is asked for")
  func fields() throws {
    let folder = try Self.folder()
    for settings: [String: Setting] in [
      [:], ["instances": "files"], ["instances": "files", "listed": 3],
      ["instances": "regions", "listed": 1, "unknown": 255, "width": 48],
    ] {
      let sample = try LabelMaps.sample(Self.dataset(folder, settings), 0)
      let given: [String: Setting] = ["height": 32, "width": 32]
      let ports = try LabelMaps.ports("folder", .object(given.merging(settings) { $1 }))
      for port in ports {
        let size = [port["height"] ?? 0, port["width"] ?? 0]
        switch port.kind {
        case .image: #expect(sample[port.name]?.shape == size + [3])
        case .edges: #expect(sample[port.name]?.shape == size + [1])
        case .instances:
          #expect(sample["\(port.name).masks"]?.shape == size + [port["max"] ?? 0])
          #expect(sample["\(port.name).classes"]?.shape == [port["max"] ?? 0])
        default: #expect(sample[port.name]?.shape == size)
        }
      }
      let names = Set(sample.keys.map { $0.prefix { $0 != "." } }.map(String.init))
      #expect(names == Set(ports.map(\.name)))
    }
  }

  @Test("In training photograph and maps are cut and mirrored alike, by seed")
  func alignment() throws {
    let folder = try Self.folder(2)
    let settings: [String: Setting] = ["instances": "files", "enlargement": 2]
    let dataset = try Self.dataset(folder, settings)
    let again = try Self.dataset(folder, settings)
    var borders: Set<[Bool]> = []
    var cuts: Set<Field> = []
    for visit in 0..<40 {
      let sample = try LabelMaps.sample(dataset, 0, visit: visit)
      #expect(sample == (try LabelMaps.sample(again, 0, visit: visit)))
      let labels = try #require(sample["labels"])
      let image = try #require(sample["image"]).values
      let instances = try #require(sample["instanceMap"]).values
      let edges = try #require(sample["edges"]).values
      let isRight = labels.values.map { $0 == 1 }
      for pixel in isRight.indices {
        // Bicubic filtering reaches two pixels beyond the border.
        let row = pixel / 32 * 32
        let near = row + max(0, pixel - row - 4)...row + min(31, pixel - row + 4)
        if near.allSatisfy({ isRight[$0] == isRight[pixel] }) {
          #expect((image[pixel * 3 + 2] > image[pixel * 3]) == isRight[pixel])
        }
        let neighbours = [pixel - 1, pixel + 1].filter { $0 / 32 == pixel / 32 && $0 >= 0 }
        #expect((edges[pixel] == 1) == neighbours.contains { instances[$0] != instances[pixel] })
        #expect((instances[pixel] == instances[row]) == (isRight[pixel] == isRight[row]))
      }
      borders.insert([isRight[0], isRight[31]])
      cuts.insert(labels)
    }
    #expect(borders.contains([false, true]) && borders.contains([true, false]))
    #expect(cuts.count > 8)
  }

  @Test("Every tenth is held out; train/ and val/ are taken where they are")
  func splits() throws {
    let folder = try Self.folder(21)
    let dataset = try Self.dataset(folder)
    #expect(try dataset.count(of: .train) == 18 && dataset.count(of: .validation) == 3)
    let other = try TemporaryFolder()
    for (split, count) in [("train", 3), ("val", 2)] {
      for number in 0..<count {
        try other.photograph("\(split)/images/\(number).jpg")
        try other.labels("\(split)/labels/\(number).png")
      }
    }
    let apart = try Self.dataset(other)
    #expect(try apart.count(of: .train) == 3 && apart.count(of: .validation) == 2)
  }

  @Test("A label for unknown becomes the last class; regions are counted by class")
  func unknown() throws {
    let folder = try TemporaryFolder()
    try folder.photograph("images/1.png", height: 32, width: 32)
    try folder.labels("labels/1.png", 1, 255, height: 32, width: 32)
    let settings: [String: Setting] = ["unknown": 255, "instances": "regions", "listed": 3]
    let sample = try LabelMaps.sample(Self.dataset(folder, settings), 0, of: .validation)
    let labels = try #require(sample["labels"]).values
    #expect(Set(labels) == [1, 2])
    #expect(sample["instances.classes"]?.values == [1, 2, 0])
    #expect(sample["instances.valid"]?.values == [1, 1, 0])
    #expect(sample["instanceMap"]?.values == labels)
    #expect(throws: ConfigurationError.self) { try Self.dataset(folder, ["unknown": 1]) }
  }

  @Test("Files that lack their counterpart, or have two, are named")
  func pairs() throws {
    let folder = try Self.folder(4)
    try folder.photograph("images/5.jpg")
    try folder.photograph("images/6.jpg")
    func message() throws -> String {
      let error = #expect(throws: DataError.self) { try Self.dataset(folder).count(of: .train) }
      return "\(try #require(error))".replacing(folder.path, with: "FOLDER")
    }
    #expect(
      try message()
        == "FOLDER/images/5.jpg: found no label map of 5 in FOLDER/labels; expected one for each "
        + "photograph. Add it, or remove this file. The same is so of 6.")
    try folder.labels("labels/5.png")
    try folder.labels("labels/6.png")
    try folder.labels("labels/7.png")
    #expect(try message().hasPrefix("FOLDER/labels/7.png: found no photograph of 7 in"))
    try folder.photograph("images/7.jpg")
    try folder.photograph("images/7.png")
    #expect(try message().contains("found a second photograph of 7 beside FOLDER/images/7.jpg"))
  }
}
