import struct Foundation.URL
import PluginAPI

/// Reads photographs with their maps; what differs between data sets is told to it.
struct SceneReader: Sendable {
  /// The samples of each split, or what is wrong with their folders.
  let scenes: [Split: Result<[Scene], any Error>]
  /// What label files say.
  let labels: LabelCode
  /// Where instances come from.
  let instances: InstanceReading
  /// How many instances are listed with masks of their own.
  let listed: Int
  /// The size of what comes out.
  let framing: Framing

  /// Finds the samples.
  init(
    labels: LabelCode, instances: InstanceReading = .none, listed: Int = 0, framing: Framing,
    _ find: (Split) throws -> [Scene]
  ) {
    scenes = Dictionary(
      uniqueKeysWithValues: Split.allCases.map { split in (split, Result { try find(split) }) })
    (self.labels, self.instances) = (labels, instances)
    (self.listed, self.framing) = (listed, framing)
  }

  /// The samples of a split.
  ///
  /// - Throws: what is wrong with its folders.
  func of(_ split: Split) throws -> [Scene] { try scenes[split]?.get() ?? [] }

  /// The ports of what is read.
  static func ports(
    height: Int, width: Int, classes: Int, instances: Bool = false, listed: Int = 0
  ) -> [Port] {
    var ports: [Port] = [
      .image("image", height: height, width: width, role: .target),
      .map("labels", .labelMap, classes: classes, height: height, width: width),
    ]
    guard instances else { return ports }
    ports += [
      .map("instanceMap", .instanceMap, height: height, width: width),
      .map("edges", .edges, height: height, width: width),
    ]
    if listed > 0 {
      ports.append(
        Port(
          "instances", .instances,
          attributes: ["max": listed, "classes": classes, "height": height, "width": width]))
    }
    return ports
  }

  /// One sample.
  ///
  /// - Throws: `ImageError` or `DataError` naming a file.
  func sample(_ scene: Scene, of split: Split, using random: inout RandomStream) throws -> Sample {
    let files = try read(scene)
    let frame = split == .train ? framing.drawn(using: &random) : framing.whole
    let size = [frame.height, frame.width]
    let classes = labels.classes(of: files.labels.framed(frame))
    var sample: Sample = [
      "image": Field(files.photograph.framed(frame).scalars, shape: size + [3]),
      "labels": Field(classes, shape: size),
    ]
    let found: Instances
    switch instances {
    case .none: return sample
    case .regions: found = Instances(regionsOf: classes, height: frame.height, width: frame.width)
    case .files(let code):
      guard let numbers = files.instances else { return sample }
      found = Instances(numbers.framed(frame), classes: classes, none: code.none)
    }
    sample["instanceMap"] = Field(found.map, shape: size)
    sample["edges"] = Field(
      found.edges(height: frame.height, width: frame.width), shape: size + [1])
    if listed > 0 {
      let empty = [Float](repeating: 0, count: max(0, listed - found.classes.count))
      sample["instances.masks"] = Field(found.masks(listed), shape: size + [listed])
      sample["instances.classes"] = Field(found.classes.prefix(listed) + empty, shape: [listed])
      sample["instances.valid"] = Field(
        found.classes.prefix(listed).map { _ in 1 } + empty, shape: [listed])
    }
    return sample
  }

  /// Whether instances fit labels.
  ///
  /// - Throws: `ImageError` or `DataError` naming a file.
  func check(_ scene: Scene) throws {
    guard case .files(let code) = instances, let path = scene.instances else { return }
    let files = try read(scene)
    guard let numbers = files.instances else { return }
    try code.check(numbers, against: files.labels, at: path)
  }

  private func read(
    _ scene: Scene
  ) throws -> (photograph: Image, labels: LabelImage, instances: LabelImage?) {
    let photograph = try Image(contentsOf: URL(fileURLWithPath: scene.photograph), channels: 3)
    func map(_ path: String) throws -> LabelImage {
      let map = try LabelImage(contentsOf: URL(fileURLWithPath: path))
      guard (map.height, map.width) == (photograph.height, photograph.width) else {
        throw DataError(
          path, found: "\(map.width)x\(map.height) pixels",
          expected: "\(photograph.width)x\(photograph.height), as \(scene.photograph) has",
          cure: "Put the original files back.")
      }
      return map
    }
    let classes = try map(scene.labels)
    try labels.check(classes, at: scene.labels)
    return (photograph, classes, try scene.instances.map(map))
  }
}

/// A dataset that consists in what its reader is told.
protocol SceneDataset: Dataset {
  /// Its reader.
  var reader: SceneReader { get }
}

extension SceneDataset {
  func count(of split: Split) throws -> Int { try reader.of(split).count }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) throws -> Sample {
    try reader.sample(reader.of(split)[index], of: split, using: &random)
  }

  func check(_ index: Int, of split: Split) throws { try reader.check(reader.of(split)[index]) }
}
