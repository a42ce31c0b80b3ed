import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("The doctor", .serialized)
struct DoctorTests {
  /// What it says of the data of `small.json`, numbers of plugins and machine left out.
  private func data(_ workbench: Workbench, _ more: String...) throws -> CommandResult {
    let result = try workbench.run(["doctor", "small.json"] + more)
    let start = try #require(result.output.range(of: "Data of small.json"))
    let text = workbench.plain(String(result.output[start.lowerBound...]))
      .replacing(#/\n\n(All is well\.|\d+ (fault|warning)).*/#.dotMatchesNewlines(), with: "\n")
    return CommandResult(status: result.status, output: text)
  }

  @Test("Sound data: each split, its palette, and how many samples were looked at")
  func sound() throws {
    let workbench = try Workbench.small()
    let all = try data(workbench)
    #expect(all.status == 0)
    try expectSnapshot("doctor-sound", all.output)
    #expect(
      try data(workbench, "--samples", "3").output.contains("6 samples, 3 of them looked at"))
  }

  @Test("Every damaged file of a paired folder is named in one pass")
  func pairs() throws {
    let workbench = try Workbench.small()
    let file = { (name: String) in URL(filePath: workbench.folder.file("data/\(name)")) }
    // A photograph in place of the painting, half a JPEG, an odd size, and text for a picture.
    try Image(height: 32, width: 64, color: RGB(90, 90, 90)).write(to: file("train/2.png"))
    let jpeg = Facades.pair(7, side: 64).jpeg()
    try jpeg.prefix(jpeg.count / 2).write(to: file("train/3.jpg"))
    try FileManager.default.removeItem(at: file("train/3.png"))
    try Image(height: 31, width: 65, color: .black).write(to: file("train/4.png"))
    try Data("hello".utf8).write(to: file("val/1.png"))
    let result = try data(workbench)
    #expect(result.status == 1)
    try expectSnapshot("doctor-pairs", result.output)
  }

  @Test("Layout, label range and sizes of the base form")
  func base() throws {
    let workbench = try Workbench.small()
    let folder = workbench.folder.file("base")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for number in 0..<12 {
      let path = "\(folder)/cmp_b\(1000 + number)"
      try Image(height: 32, width: 32, color: .black).write(to: URL(filePath: path + ".jpg"))
      let side = number == 7 ? 16 : 32
      let label = UInt16(number == 2 ? 13 : 12)
      try LabelImage(
        height: side, width: side, labels: .init(repeating: label, count: side * side)
      ).write(to: URL(filePath: path + ".png"))
    }
    let wrong = try data(workbench, "--set", "dataset.with.folder=base")
    #expect(wrong.status == 1)
    for number in [1003, 1008] {
      try FileManager.default.removeItem(atPath: "\(folder)/cmp_b\(number).png")
    }
    let missing = try data(workbench, "--set", "dataset.with.folder=base")
    let absent = try data(workbench, "--set", "dataset.with.folder=nowhere")
    try expectSnapshot("doctor-base", wrong.output + missing.output + absent.output)
  }

  @Test("A procedural dataset keeps what its ports promise; an unsound experiment is told")
  func others() throws {
    let workbench = try Workbench.small()
    let birds = try data(
      workbench, "--samples", "12", "--set", "dataset={use: 'aviary/birds', with: {pairs: true}}",
      "--set", "generator.with.width=1")
    #expect(birds.status == 0, "\(birds.output)")
    let unsound = try data(workbench, "--set", "losses.0.use=essentials/hing")
    #expect(unsound.status == 1)
    #expect(unsound.output.contains("did you mean \"essentials/hinge\"?"))
  }

  @Test("Machine and plugins, as JSON too")
  func machine() throws {
    let workbench = try Workbench()
    let words = try workbench("doctor")
    for subject in ["processor", "threads", "memory", "oneDNN", "OpenBLAS", "libgomp", "libltdl"] {
      #expect(words.output.contains("\n  \(subject) "), "\(subject)")
    }
    #expect(words.output.contains("essentials"))
    let json = try JSONValue(parsing: workbench("doctor", "--json").output, dialect: .json)
    #expect(json.keys == ["Machine", "Plugins"])
    #expect(json["Machine"]?.arrayValue?.first?["subject"] == "processor")
  }

  @Test("Settings of the machine that make programs slow are told, with what to do")
  func settings() {
    var machine = MachineCheck()
    machine.processors = "model name\t: Some CPU @ 2.0GHz\nflags\t\t: sse2 avx2 fma avx512f\n"
    machine.environment = [
      "OPENBLAS_CORETYPE": "Haswell", "OMP_WAIT_POLICY": "active", "GOMP_SPINCOUNT": "0",
    ]
    (machine.threads, machine.available, machine.quota) = (4, 4, "max 100000\n")
    #expect(machine.processor.text == "Some CPU @ 2.0GHz, avx2 fma avx512f")
    #expect(machine.threadsFinding.level == .good)
    let levels = Dictionary(
      uniqueKeysWithValues: machine.variables.map { ($0.subject, $0.level) })
    #expect(
      levels == [
        "OPENBLAS_CORETYPE": .warning, "OMP_WAIT_POLICY": .good, "GOMP_SPINCOUNT": .warning,
      ])

    machine.quota = "150000 100000\n"
    #expect(machine.threadsFinding.text.contains("only 1.5 processors' time"))
    (machine.quota, machine.threads) = ("", 2)
    #expect(machine.threadsFinding.cure == "unset OMP_NUM_THREADS to use them all")
    machine.processors = "flags : sse2"
    #expect(machine.processor.level == .warning)
  }

  @Test("A sample that breaks its ports' promises is told field by field")
  func sample() {
    let ports: [Port] = [
      .image("image", side: 2), .labelMap("labels", classes: 3, side: 2), .mask("mask", side: 2),
      .caption("caption", vocabulary: 5, maxLength: 3),
      Port("list", .attributeList, attributes: ["vocabulary": 9, "maxLength": 2]),
      Port("attributes", .attributes, attributes: ["count": 2]),
      Port("species", .classLabel, attributes: ["classes": 4]),
    ]
    let good: Sample = [
      "image": Field(.init(repeating: 0.5, count: 12), shape: [2, 2, 3]),
      "labels": Field([0, 1, 2, 2], shape: [2, 2]),
      "mask": Field([0, 1, 0.5, 1], shape: [2, 2, 1]),
      "caption.tokens": Field([4, 1, 0], shape: [3]), "caption.lengths": Field(2),
      "list.tokens": Field([0, 0], shape: [2]), "list.lengths": Field(0),
      "attributes": Field([0, 1], shape: [2]), "species": Field(3),
    ]
    #expect(SampleCheck(good, ports).faults == [])
    let bad: [(String, Field?, String)] = [
      ("image", Field(.init(repeating: 2, count: 12), shape: [2, 2, 3]), "expected -1...1"),
      ("image", Field(.init(repeating: 0, count: 27), shape: [3, 3, 3]), "has shape [3, 3, 3]"),
      ("image", Field(.init(repeating: .nan, count: 12), shape: [2, 2, 3]), "nan"),
      ("labels", Field([0, 1, 3, 2], shape: [2, 2]), "labels holds 3.0"),
      ("labels", Field([0, 0.5, 1, 2], shape: [2, 2]), "whole numbers 0..<3"),
      ("mask", nil, "no field mask"),
      ("caption.tokens", Field([4, 5, 0], shape: [3]), "caption.tokens holds 5.0"),
      ("caption.tokens", Field([4, 0, 0], shape: [3]), "padding among its 2"),
      ("caption.tokens", Field([4, 1, 1], shape: [3]), "goes on after"),
      ("caption.lengths", Field(0), "is empty"), ("caption.lengths", Field(4), "has length 4"),
      ("list.tokens", Field([0, 0, 0], shape: [3]), "room for 3 tokens"),
      ("attributes", Field([0, 2], shape: [2]), "0 or 1"), ("species", Field(4), "0..<4"),
    ]
    for (name, field, words) in bad {
      var sample = good
      sample[name] = field
      let faults = SampleCheck(sample, ports).faults
      #expect(faults.contains { $0.contains(words) }, "\(name): \(faults)")
    }
  }
}
