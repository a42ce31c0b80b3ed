import AviaryScenes
import PluginAPI

extension Rendering {
  /// The picture and what is drawn in it, as the fields of the target ports.
  func fields(of scene: Scene, maximumBirds: Int) -> Sample {
    let plane = [side, side]
    var sample: Sample = [
      "image": imageField,
      "labels": Field(labels.map { Float($0) }, shape: plane),
      "instanceMap": Field(instances.map { Float($0) }, shape: plane),
      "edges": Field(edges, shape: plane + [1]),
      "mask": maskField,
    ]
    sample.setKeypoints("keypoints", birds[0])

    var masks = [Float](repeating: 0, count: side * side * maximumBirds)
    for (pixel, instance) in instances.enumerated() where instance > 0 {
      masks[pixel * maximumBirds + Int(instance) - 1] = 1
    }
    var classes = [Float](repeating: 0, count: maximumBirds)
    var valid = classes
    var boxes = [Float](repeating: 0, count: maximumBirds * 4)
    for (index, figure) in birds.enumerated() {
      classes[index] = Float(scene.birds[index].species.rawValue)
      valid[index] = figure.box.z > 0 ? 1 : 0
      for axis in 0..<4 { boxes[index * 4 + axis] = figure.box[axis] }
    }
    sample["instances.masks"] = Field(masks, shape: plane + [maximumBirds])
    sample["instances.classes"] = Field(classes, shape: [maximumBirds])
    sample["instances.valid"] = Field(valid, shape: [maximumBirds])
    sample["boxes"] = Field(boxes, shape: [maximumBirds, 4])
    return sample
  }

  /// The picture as the fields of the source ports.
  func sourceFields() -> Sample {
    var sample: Sample = [
      "source": imageField,
      "sourceLabels": Field(labels.map { Float($0) }, shape: [side, side]),
      "sourceMask": maskField,
    ]
    sample.setKeypoints("sourceKeypoints", birds[0])
    return sample
  }

  private var imageField: Field {
    Field(image.map { Float($0) / 127.5 - 1 }, shape: [side, side, 3])
  }

  private var maskField: Field {
    Field(instances.map { $0 > 0 ? 1 : 0 }, shape: [side, side, 1])
  }

  /// 1 where a pixel and its neighbour above, below, left or right are of different instances.
  private var edges: [Float] {
    var result = [Float](repeating: 0, count: side * side)
    for pixel in instances.indices {
      for (step, exists) in [(1, (pixel + 1) % side > 0), (side, pixel + side < instances.count)]
      where exists && instances[pixel] != instances[pixel + step] {
        result[pixel] = 1
        result[pixel + step] = 1
      }
    }
    return result
  }
}

extension Sample {
  /// Writes the parts of a key point port; coordinates count pixels from the middle of the first.
  fileprivate mutating func setKeypoints(_ port: String, _ figure: AviaryScenes.Figure) {
    let shape = [figure.keypoints.count]
    func places(_ axis: Int) -> Field {
      Field(
        figure.keypoints.map { point in
          guard let point else { return -1 }
          return Swift.max(0, point[axis] - 0.5)
        }, shape: shape)
    }
    self["\(port).x"] = places(0)
    self["\(port).y"] = places(1)
    self["\(port).visible"] = Field(figure.keypoints.map { $0 == nil ? 0 : 1 }, shape: shape)
  }

  /// Writes how each part of the bird moved between the pictures of a pair.
  mutating func setParts(from target: PartPlaces, to source: PartPlaces, side: Int) {
    let parts = BodyPart.allCases
    self["partTransforms"] = Field(
      parts.flatMap { target.transform(of: $0, to: source) }, shape: [parts.count, 8])
    // The bird as one piece goes with its trunk.
    self["wholeTransform"] = Field(target.transform(of: .trunk, to: source), shape: [1, 8])
    var planes = [Float](repeating: 0, count: side * side * parts.count)
    for (index, part) in parts.enumerated() {
      for (pixel, value) in target.mask(of: part, side: side).enumerated() {
        planes[pixel * parts.count + index] = value
      }
    }
    self["partMasks"] = Field(planes, shape: [side, side, parts.count])
  }

  /// Writes the parts of a port of one list, padded with 0.
  mutating func setTokens(_ port: String, _ tokens: [Int], upTo length: Int) {
    self["\(port).tokens"] = Field(padded(tokens, upTo: length), shape: [length])
    self["\(port).lengths"] = Field(Float(tokens.count))
  }

  /// Writes the parts of a port of several lists, each padded with 0.
  mutating func setTokens(_ port: String, _ lists: [[Int]], upTo length: Int) {
    self["\(port).tokens"] = Field(
      lists.flatMap { padded($0, upTo: length) }, shape: [lists.count, length])
    self["\(port).lengths"] = Field(lists.map { Float($0.count) }, shape: [lists.count])
  }

  private func padded(_ tokens: [Int], upTo length: Int) -> [Float] {
    tokens.map(Float.init) + [Float](repeating: 0, count: length - tokens.count)
  }
}
