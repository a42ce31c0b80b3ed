import Foundation
import PluginAPI
import TestSupport
import Testing

/// Real samples as this plugin and as Pillow and NumPy read them.
@Suite("Published data sets")
struct RealSampleTests {
  /// Levels of 255 by which a resized pixel may differ: rounding, and JPEG decoders.
  static let pixelTolerance: Float = 2
  /// Levels by which the mean of a channel may.
  static let meanTolerance: Float = 0.02

  private static let plain: Setting = ["enlargement": 1, "mirror": false]

  private static func settings(_ folder: String, _ more: [String: Setting] = [:]) -> Setting {
    guard case .object(var members) = plain else { return plain }
    members["folder"] = .string(folder)
    return .object(members.merging(more) { $1 })
  }

  private static func compare(
    _ sample: Sample, _ name: String, classes: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let labels = try #require(sample["labels"])
    let (height, width) = (labels.shape[0], labels.shape[1])
    #expect(
      LabelMaps.histogram(labels.values, count: classes)
        == (try LabelMaps.reference("\(name)/histogram")), "\(name)",
      sourceLocation: sourceLocation)
    var moments = [0.0, 0.0]
    for (pixel, label) in labels.values.enumerated() {
      moments[0] += Double(label) * Double(pixel / width)
      moments[1] += Double(label) * Double(pixel % width)
    }
    for (mine, theirs) in zip(moments, try LabelMaps.reference("\(name)/moments")) {
      let mean = mine / Double(height * width)
      #expect(abs(mean - Double(theirs)) <= 1e-6 * max(1, mean), "\(name)")
    }

    let image = try #require(sample["image"])
    #expect(image.shape == [height, width, 3])
    let levels = image.values.map { ($0 + 1) * 127.5 }
    var means: [Double] = [0, 0, 0]
    for (place, level) in levels.enumerated() { means[place % 3] += Double(level) }
    for (mine, theirs) in zip(means, try LabelMaps.reference("\(name)/mean")) {
      #expect(abs(Float(mine / Double(height * width)) - theirs) < meanTolerance, "\(name)")
    }
    let expected = try LabelMaps.reference("\(name)/pixels")
    var greatest: Float = 0
    for (place, level) in expected.enumerated() {
      let (pixel, channel) = (place / 3, place % 3)
      let columns = (width + 31) / 32
      let row = pixel / columns * 32
      let column = pixel % columns * 32
      greatest = max(greatest, abs(levels[(row * width + column) * 3 + channel] - level))
    }
    #expect(greatest <= pixelTolerance, "\(name)")
  }

  private static func compareInstances(_ sample: Sample, _ name: String) throws {
    let edges = try #require(sample["edges"]).values
    #expect([edges.reduce(0, +)] == (try LabelMaps.reference("\(name)/edges")), "\(name)")
    let areas = try LabelMaps.reference("\(name)/areas")
    let map = try #require(sample["instanceMap"]).values
    let found = LabelMaps.histogram(map, count: areas.count + 1).dropFirst()
    #expect(Array(found) == areas, "\(name)")
  }

  @Test(
    "Cityscapes: classes, edges and instances of 256x512",
    .enabled(if: SharedData.has("cityscapes"), "no ../shared/data/cityscapes"))
  func cityscapes() throws {
    let folder = SharedData.path("cityscapes")
    let raw = try LabelMaps.dataset("cityscapes", Self.settings(folder))
    let training = try LabelMaps.dataset(
      "cityscapes", Self.settings(folder, ["classes": "training"]))
    #expect(try raw.count(of: .train) == 8)
    for index in 0..<3 {
      let sample = try LabelMaps.sample(raw, index)
      try Self.compare(sample, "cityscapes/\(index)", classes: 35)
      try Self.compareInstances(sample, "cityscapes/\(index)")
      try raw.check(index, of: .train)
      try Self.compare(
        LabelMaps.sample(training, index), "cityscapes-training/\(index)", classes: 20)
    }
    // The samples have maps for validation, but no photographs.
    let error = #expect(throws: DataError.self) { try raw.count(of: .validation) }
    #expect("\(try #require(error))".contains("val_img: found no such folder"))
  }

  @Test(
    "Cityscapes as it is distributed, by city",
    .enabled(if: SharedData.has("cityscapes"), "no ../shared/data/cityscapes"))
  func official() throws {
    let folder = try TemporaryFolder()
    let names = try FileManager.default
      .contentsOfDirectory(atPath: SharedData.path("cityscapes/train_img")).sorted()
    for (index, name) in names.enumerated() {
      let key = name.replacing("_leftImg8bit.png", with: "")
      let split = index < 6 ? "train" : "val"
      try folder.link(
        "leftImg8bit/\(split)/aachen/\(name)", to: SharedData.path("cityscapes/train_img/\(name)"))
      for (kind, flat) in [("labelIds", "train_label"), ("instanceIds", "train_inst")] {
        let map = "\(key)_gtFine_\(kind).png"
        try folder.link(
          "gtFine/\(split)/aachen/\(map)", to: SharedData.path("cityscapes/\(flat)/\(map)"))
      }
      // Others that lie beside them are not read.
      try folder.link(
        "gtFine/\(split)/aachen/\(key)_gtFine_polygons.json", to: "/dev/null")
    }
    let dataset = try LabelMaps.dataset("cityscapes", Self.settings(folder.path))
    #expect(try dataset.count(of: .train) == 6 && dataset.count(of: .validation) == 2)
    try Self.compare(LabelMaps.sample(dataset, 1), "cityscapes/1", classes: 35)
  }

  @Test(
    "COCO-Stuff: 182 classes and the unlabelled, instances with masks",
    .enabled(if: SharedData.has("coco_stuff"), "no ../shared/data/coco_stuff"))
  func cocoStuff() throws {
    let settings = Self.settings(SharedData.path("coco_stuff"))
    let dataset = try LabelMaps.dataset("coco-stuff", settings)
    #expect(try dataset.count(of: .train) == 13 && dataset.count(of: .validation) == 8)
    for index in 0..<4 {
      let sample = try LabelMaps.sample(dataset, index)
      try Self.compare(sample, "coco-stuff/\(index)", classes: 183)
      try Self.compareInstances(sample, "coco-stuff/\(index)")
      let areas = try LabelMaps.reference("coco-stuff/\(index)/areas").prefix(32)
      var found = [Float](repeating: 0, count: 32)
      for (place, value) in try #require(sample["instances.masks"]).values.enumerated() {
        found[place % 32] += value
      }
      #expect(found == areas + [Float](repeating: 0, count: 32 - areas.count))
      let valid = try #require(sample["instances.valid"]).values
      #expect(valid == found.map { $0 > 0 ? 1 : 0 })
    }
    for split in Split.allCases {
      for index in 0..<(try dataset.count(of: split)) { try dataset.check(index, of: split) }
    }
  }

  @Test(
    "ADE20K: ids as files have them, and shifted",
    .enabled(if: SharedData.has("ade20k"), "no ../shared/data/ade20k"))
  func ade20k() throws {
    let folder = SharedData.path("ade20k")
    let raw = try LabelMaps.dataset("ade20k", Self.settings(folder))
    let shifted = try LabelMaps.dataset("ade20k", Self.settings(folder, ["classes": "shifted"]))
    #expect(try raw.count(of: .validation) == 3)
    for index in 0..<3 {
      try Self.compare(
        LabelMaps.sample(raw, index, of: .validation), "ade20k/\(index)", classes: 151)
      try Self.compare(
        LabelMaps.sample(shifted, index, of: .validation), "ade20k-shifted/\(index)", classes: 151)
    }
    #expect(raw.palette?.names[1] == "wall" && shifted.palette?.names[0] == "wall")
    #expect(throws: DataError.self) { try raw.count(of: .train) }
  }

  @Test(
    "Human parsing, plain from a folder and merged into eight classes",
    .enabled(if: SharedData.has("cihp"), "no ../shared/data/cihp"))
  func humanParsing() throws {
    let folder = SharedData.path("cihp")
    let plain = try LabelMaps.dataset("folder", Self.settings(folder, ["classes": 20]))
    #expect(try plain.count(of: .train) == 4 && plain.count(of: .validation) == 1)
    try Self.compare(LabelMaps.sample(plain, 0, of: .validation), "cihp/0", classes: 20)
    for index in 0..<4 {
      try Self.compare(LabelMaps.sample(plain, index), "cihp/\(index + 1)", classes: 20)
    }

    let links = try TemporaryFolder()
    for name in ["0002190", "0005008", "0012008", "0026375", "0032190"] {
      try links.link("train/\(name).jpg", to: "\(folder)/images/\(name).jpg")
      try links.link("cihp_train_mask/\(name).png", to: "\(folder)/labels/\(name).png")
    }
    let merged = try LabelMaps.dataset(
      "deepfashion", Self.settings(links.path, ["masks": "cihp"]))
    for index in 0..<5 {
      try Self.compare(LabelMaps.sample(merged, index), "deepfashion/\(index)", classes: 8)
    }
    // As published, ids are classes already, and these are not.
    let published = try LabelMaps.dataset("deepfashion", Self.settings(links.path))
    let error = #expect(throws: DataError.self) { try LabelMaps.sample(published, 0) }
    #expect("\(try #require(error))".contains("expected 0...7"))
  }
}
