import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("The doctor, on photographs beside label maps and on pairs of poses", .serialized)
struct DoctorDatasetTests {
  /// What it says of the data of `small.json` with another dataset.
  private func data(
    _ workbench: Workbench, _ name: String, _ settings: String, condition: String = "labels"
  ) throws -> CommandResult {
    let result = try workbench.run([
      "doctor", "small.json", "--set", "dataset={use: '\(name)', with: {\(settings)}}", "--set",
      "generator.with={width: 1, condition: '\(condition)'}", "--set",
      "discriminators.0.with.condition=\(condition)",
    ])
    let start = try #require(
      result.output.range(of: "Data of small.json"), "\(result.output)")
    let text = workbench.plain(String(result.output[start.lowerBound...]))
      .replacing(#/\n\n(All is well\.|\d+ (fault|warning)).*/#.dotMatchesNewlines(), with: "\n")
    return CommandResult(status: result.status, output: text)
  }

  private func photograph(_ workbench: Workbench, _ name: String, height: Int = 32, width: Int = 32)
    throws
  {
    let url = try place(workbench, name)
    try Image(height: height, width: width, color: RGB(90, 120, 60)).write(to: url)
  }

  private func map(
    _ workbench: Workbench, _ name: String, _ label: UInt16, height: Int = 32, width: Int = 32
  ) throws {
    let labels = [UInt16](repeating: label, count: height * width)
    try LabelImage(height: height, width: width, labels: labels).write(to: place(workbench, name))
  }

  private func place(_ workbench: Workbench, _ name: String) throws -> URL {
    let url = URL(filePath: workbench.folder.file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    return url
  }

  @Test("Every file of a folder of one's own that is not as it should be is named")
  func folder() throws {
    let workbench = try Workbench.small()
    for number in 1...12 {
      try photograph(workbench, "own/images/\(number).jpg")
      try map(workbench, "own/labels/\(number).png", UInt16(number % 3))
      try map(workbench, "own/instances/\(number).png", UInt16(number * 100))
    }
    let settings = "folder: 'own', height: 32, width: 32, classes: 3, instances: 'files'"
    let sound = try data(workbench, "label-maps/folder", settings)
    #expect(sound.status == 0)

    try map(workbench, "own/labels/2.png", 1, width: 30)
    try map(workbench, "own/labels/3.png", 3)
    try map(workbench, "own/labels/4.png", 60_000)
    try photograph(workbench, "own/labels/5.png")
    let jpeg = Image(height: 32, width: 32, color: .white).jpeg()
    try jpeg.write(to: place(workbench, "own/labels/6.png"))
    try jpeg.prefix(jpeg.count / 2).write(to: place(workbench, "own/images/7.jpg"))
    try map(workbench, "own/instances/8.png", 1, height: 40)
    try Data().write(to: place(workbench, "own/labels/11.png"))
    let damaged = try data(workbench, "label-maps/folder", settings)
    #expect(damaged.status == 1)

    try FileManager.default.removeItem(atPath: workbench.folder.file("own/labels/9.png"))
    let alone = try data(workbench, "label-maps/folder", settings)
    try FileManager.default.removeItem(atPath: workbench.folder.file("own/images"))
    try FileManager.default.createDirectory(
      atPath: workbench.folder.file("own/images"), withIntermediateDirectories: true)
    let empty = try data(workbench, "label-maps/folder", settings)
    let absent = try data(workbench, "label-maps/folder", "folder: 'nowhere'")
    let file = try data(workbench, "label-maps/folder", "folder: 'small.json'")
    try expectSnapshot(
      "doctor-label-maps",
      [sound, damaged, alone, empty, absent, file].map(\.output).joined())
  }

  @Test("Layouts of published data sets: what is missing, and instances that fit no labels")
  func published() throws {
    let workbench = try Workbench.small()
    for (number, instance) in [(1, 26_003), (2, 147), (3, 26)] as [(Int, UInt16)] {
      let name = "city_00000\(number)_000019"
      for split in ["train", "val"] {
        try photograph(
          workbench, "streets/\(split)_img/\(name)_leftImg8bit.png", height: 16, width: 32)
        try map(
          workbench, "streets/\(split)_label/\(name)_gtFine_labelIds.png", 26, height: 16, width: 32
        )
        try map(
          workbench, "streets/\(split)_inst/\(name)_gtFine_instanceIds.png", instance, height: 16,
          width: 32)
      }
    }
    let streets = try data(
      workbench, "label-maps/cityscapes", "folder: 'streets', height: 32")
    for place in ["coco/train2017", "coco/stuffthingmaps_trainval2017/train2017"] {
      try FileManager.default.createDirectory(
        atPath: workbench.folder.file(place), withIntermediateDirectories: true)
    }
    let coco = try data(workbench, "label-maps/coco-stuff", "folder: 'coco', side: 32")
    let plain = try data(
      workbench, "label-maps/coco-stuff", "folder: 'coco', side: 32, instances: 'none'")
    let scenes = try data(workbench, "label-maps/ade20k", "folder: 'data', side: 32")
    let persons = try data(workbench, "label-maps/deepfashion", "folder: 'data', side: 32")
    try expectSnapshot(
      "doctor-layouts", [streets, coco, plain, scenes, persons].map(\.output).joined())
  }

  @Test("Tables of key points and pairs: the line that is wrong, photographs that are not there")
  func poses() throws {
    let workbench = try Workbench.small()
    let y = "[5, 12, 12, 18, 24, 12, 18, 24, 22, 27, 31, 22, 27, 31, 4, 4, 5, 5]"
    let x = "[16, 16, 12, 9, 8, 20, 23, 24, 13, 13, 13, 19, 19, 19, 17, 15, 18, 14]"
    func table(_ lines: [String]) throws {
      for split in ["train", "test"] {
        let text = (["name:keypoints_y:keypoints_x"] + lines).joined(separator: "\n")
        try Data(text.utf8).write(to: place(workbench, "market/market-annotation-\(split).csv"))
      }
    }
    let names = ["0001_c1.jpg", "0001_c2.jpg", "0001_c3.jpg"]
    for split in ["train", "test"] {
      for name in names { try photograph(workbench, "market/market-dataset/\(split)/\(name)") }
    }
    let settings = "folder: 'market', height: 32, width: 32"
    func finding() throws -> CommandResult {
      try data(workbench, "pose-pairs/market-1501", settings, condition: "image")
    }
    try table(names.map { "\($0): \(y): \(x)" })
    let sound = try finding()
    try table([
      "\(names[0]): \(y): \(x)", "\(names[1]): \(y): \(x.replacing("16, 16", with: "16, 40"))",
    ])
    let outside = try finding()
    try table(["\(names[0]): \(y): \(x)", "\(names[1]): [1, 2]: [3]"])
    let line = try finding()
    try table((names + ["0001_c4.jpg"]).map { "\($0): \(y): \(x)" })
    let absent = try finding()
    try Data("from,to\n0001_c1.jpg,0001_c9.jpg\n".utf8)
      .write(to: place(workbench, "market/market-pairs-train.csv"))
    let pair = try finding()
    try expectSnapshot(
      "doctor-poses", [sound, outside, line, absent, pair].map(\.output).joined())
  }
}
