import struct Foundation.URL
import PluginAPI
import PoseGeometry

/// A dataset of persons in two poses.
protocol PosePairs: Dataset where Hyperparameters: PosePairSettings {
  /// What the names of its files begin with.
  static var prefix: String { get }
  /// Its pairs, or what is wrong with its files.
  var splits: [Split: Result<PersonPairs, any Error>] { get }
  /// Rows and columns of the pictures.
  var size: (height: Int, width: Int) { get }
}

/// The settings all of them have.
protocol PosePairSettings: HyperparameterSet {
  var folder: String { get }
  var height: Int { get }
  var width: Int { get }
  var testPairs: Int { get }
}

extension PosePairs {
  /// Looks for the pairs of both splits.
  static func splits(
    _ hyperparameters: Hyperparameters
  ) -> [Split: Result<PersonPairs, any Error>] {
    let (folder, limit) = (hyperparameters.folder, hyperparameters.testPairs)
    return Dictionary(
      uniqueKeysWithValues: Split.allCases.map { split in
        let result = Result<PersonPairs, any Error> {
          try PersonPairs(
            in: folder, prefix: prefix, split: split, limit: split == .train ? nil : limit)
        }
        return (split, result)
      })
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let (height, width) = (hyperparameters.height, hyperparameters.width)
    func points(_ name: String, _ role: Port.Role) -> Port {
      var port = Port.keypoints(name, count: Joint.allCases.count, role: role)
      port.attributes["height"] = height
      port.attributes["width"] = width
      return port
    }
    let parts = BodyPart.allCases.count
    return [
      .image("image", height: height, width: width, role: .target),
      .image("source", height: height, width: width, role: .source),
      points("keypoints", .target), points("sourceKeypoints", .source),
      .map("mask", .mask, height: height, width: width),
      .map("sourceMask", .mask, height: height, width: width, role: .source),
      .partTransforms("partTransforms", parts: parts),
      .partTransforms("wholeTransform", parts: 1, role: .whole),
      Port(
        "partMasks", .partMasks, attributes: ["parts": parts, "height": height, "width": width]),
    ]
  }

  func count(of split: Split) throws -> Int { try of(split).pairs.count }

  private func of(_ split: Split) throws -> PersonPairs {
    guard let pairs = splits[split] else {
      preconditionFailure("[pose-pairs] there is no split \(split)")
    }
    return try pairs.get()
  }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) throws -> Sample {
    let all = try of(split)
    let pair = all.pairs[index]
    let (target, pose) = try read(pair.target, all)
    let (source, sourcePose) = try read(pair.source, all)
    let change = PoseChange(target: pose, source: sourcePose)
    let (height, width) = size
    let parts = BodyPart.allCases.count
    var sample: Sample = [
      "image": Field(target.scalars, shape: [height, width, 3]),
      "source": Field(source.scalars, shape: [height, width, 3]),
      "mask": Field(pose.silhouette(height: height, width: width), shape: [height, width, 1]),
      "sourceMask": Field(
        sourcePose.silhouette(height: height, width: width), shape: [height, width, 1]),
      "partTransforms": Field(change.transforms, shape: [parts, 8]),
      "wholeTransform": Field(change.wholeMap.coefficients, shape: [1, 8]),
      "partMasks": Field(
        pose.masks(height: height, width: width), shape: [height, width, parts]),
    ]
    sample.set("keypoints", pose)
    sample.set("sourceKeypoints", sourcePose)
    return sample
  }

  /// Key points lie in their pictures.
  func check(_ index: Int, of split: Split) throws {
    let all = try of(split)
    for name in [all.pairs[index].target, all.pairs[index].source] {
      let path = "\(all.folder)/\(name)"
      let picture = try Image(contentsOf: URL(fileURLWithPath: path), channels: 3)
      for case let place? in all.annotations.poses[name]?.points ?? [] {
        let isInside =
          (0..<Double(picture.width)).contains(place.x)
          && (0..<Double(picture.height)).contains(place.y)
        guard isInside else {
          throw DataError(
            path,
            found: "\(picture.width)x\(picture.height) pixels and a key point at x "
              + "\(Int(place.x)), y \(Int(place.y))", expected: "key points inside of the picture",
            cure: "Take photographs of the size that the table was made for.")
        }
      }
    }
  }

  /// A photograph and its pose at the size asked for.
  private func read(_ name: String, _ all: PersonPairs) throws -> (Image, Pose) {
    let path = "\(all.folder)/\(name)"
    let picture = try Image(contentsOf: URL(fileURLWithPath: path), channels: 3)
    guard let pose = all.annotations.poses[name] else {
      preconditionFailure("[pose-pairs] \(name) has no pose")
    }
    if (picture.height, picture.width) == size { return (picture, pose) }
    let scale = Place(
      Double(size.width) / Double(picture.width), Double(size.height) / Double(picture.height))
    return (
      picture.resized(height: size.height, width: size.width, filter: .bicubic),
      Pose(pose.points.map { place in place.map { ($0 + 0.5) * scale - 0.5 } })
    )
  }
}

extension Sample {
  /// Writes the parts of a key point port.
  fileprivate mutating func set(_ port: String, _ pose: Pose) {
    let shape = [pose.points.count]
    self["\(port).x"] = Field(pose.points.map { $0.map { Float($0.x) } ?? -1 }, shape: shape)
    self["\(port).y"] = Field(pose.points.map { $0.map { Float($0.y) } ?? -1 }, shape: shape)
    self["\(port).visible"] = Field(pose.points.map { $0 == nil ? 0 : 1 }, shape: shape)
  }
}
