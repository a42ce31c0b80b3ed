import PluginAPI

/// Persons with a label map of eight parts of clothing.
struct DeepFashion: Dataset, Stub {
  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 256, role: .target), .labelMap("labels", classes: 8, side: 256)]
  }
}

/// Streets, twice as wide as high, with labels, instances and their edges.
struct Cityscapes: Dataset, Stub {
  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [
      .image("image", height: 256, width: 512, role: .target),
      .map("labels", .labelMap, classes: 35, height: 256, width: 512),
      .map("instanceMap", .instanceMap, height: 256, width: 512),
      .map("edges", .edges, height: 256, width: 512),
    ]
  }
}

/// Facades with labels of twelve classes.
struct Facades: Dataset, Stub {
  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.image("image", side: 256, role: .target), .labelMap("labels", classes: 12, side: 256)]
  }
}

/// Scenes with labels of things and stuff, instances as a map and as a list, and their edges.
struct CocoStuff: Dataset, Stub {
  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [
      .image("image", side: 256, role: .target), .labelMap("labels", classes: 183, side: 256),
      .map("instanceMap", .instanceMap, side: 256), .map("edges", .edges, side: 256),
      .instances("instances", max: 32, classes: 183, side: 256),
    ]
  }
}

/// Birds with captions, attributes as a list and as a vector, mask, box and species.
struct Birds: Dataset, Stub {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Side of the images, in pixels.", in: 32...512)
    var side = 256
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [
      .image("image", side: hyperparameters.side, role: .target),
      .caption("caption", vocabulary: 5450, maxLength: 18),
      Port("attributeList", .attributeList, attributes: ["vocabulary": 313, "maxLength": 50]),
      Port("attributes", .attributes, attributes: ["count": 312]),
      .mask("mask", side: hyperparameters.side),
      Port("boxes", .boxes, attributes: ["max": 1]),
      Port("species", .classLabel, attributes: ["classes": 200]),
    ]
  }
}

/// Pairs of one person in two poses.
struct PosePairs: Dataset, Stub {
  static func provides(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    let points: [String: Int?] = ["count": 18, "height": 128, "width": 64]
    return [
      .image("image", height: 128, width: 64, role: .target),
      .image("source", height: 128, width: 64, role: .source),
      Port("keypoints", .keypoints, attributes: points, role: .target),
      Port("sourceKeypoints", .keypoints, attributes: points, role: .source),
      .partTransforms("partTransforms", parts: 10),
      Port("partMasks", .partMasks, attributes: ["parts": 10, "height": 128, "width": 64]),
    ]
  }
}
