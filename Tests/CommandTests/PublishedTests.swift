import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The largest difference from PyTorch, relative to the largest number of a tensor.
private let tolerance: Float = 1e-4

@Suite("apply with published names against PyTorch", .serialized)
struct PublishedTests {
  /// Runs one of the fixture's networks in a mode.
  private func compare(
    _ prefix: String, _ id: String, settings: String, inputs: [(name: String, factor: Int)],
    output: String, cotangentFactor: Int, mode: String
  ) throws {
    let workbench = try Workbench()
    let fixture = try SafetensorsReader(TestSupport.fixture("apply.safetensors"))
    let file = { (name: String) in workbench.folder.file(name) }

    var weights: [String: Tensor] = [:]
    for name in fixture.names where name.hasPrefix("\(prefix)/weights/") {
      let published = String(name.dropFirst("\(prefix)/weights/".count))
      let scale = "\(prefix)/scale/\(published)"
      let value = try fixture.tensor(named: name)
      weights[published] =
        fixture.names.contains(scale)
        ? (value * (try fixture.tensor(named: scale))).evaluated() : value
    }
    try SafetensorsWriter.write(weights, to: file("weights"))

    var given: [String: Tensor] = [:]
    for (name, factor) in inputs {
      given[name] = enlarged(try fixture.tensor(named: "\(prefix)/\(name)") / 127, factor)
    }
    for name in fixture.names where mode == "train" && name.hasPrefix("\(prefix)/dropout.") {
      given[String(name.dropFirst(prefix.count + 1))] = try fixture.tensor(named: name)
    }
    try SafetensorsWriter.write(given, to: file("inputs"))
    let cotangent = try fixture.tensor(named: "\(prefix)/cotangent") / 127
    try SafetensorsWriter.write(
      [output: enlarged(cotangent, cotangentFactor)], to: file("cotangents"))

    let result = try workbench(
      "apply", id, "--with", settings, "--names", "published", "--weights", "weights",
      "--inputs", "inputs", "--outputs", "outputs", "--mode", mode, "--cotangents", "cotangents",
      "--gradients", "gradients")
    try #require(result.status == 0, "\(result.output)")

    let outputs = try SafetensorsReader(file("outputs"))
    let gradients = try SafetensorsReader(file("gradients"))
    var compared = 0
    for name in fixture.names where name.hasPrefix("\(prefix)/\(mode)/") {
      let expected = try fixture.tensor(named: name)
      let last = String(name.dropFirst("\(prefix)/\(mode)/".count))
      var found: Tensor
      if last == "output" {
        found = try outputs.tensor(named: output)
      } else if last.hasPrefix("buffer/") {
        found = try outputs.tensor(named: String(last.dropFirst(7)))
      } else {
        found = try gradients.tensor(named: String(last.dropFirst(9)))
      }
      if expected.rank == 1, last.hasPrefix("gradient/") {
        let all = found.scalars()
        let some = stride(from: 0, to: all.count, by: 19).map { all[$0] }
        found = Tensor(some, [some.count])
      } else if found.shape != expected.shape {
        found = thinned(found)
      }
      let difference = difference(found, expected)
      #expect(difference < tolerance, "\(name): \(difference)")
      compared += 1
    }
    #expect(compared > 10)
  }

  /// Repeats rows and columns of `[N, C, H, W]`.
  private func enlarged(_ x: Tensor, _ factor: Int) -> Tensor {
    upsampleNearest(x.permuted([0, 2, 3, 1]), factor: factor).permuted([0, 3, 1, 2]).evaluated()
  }

  /// Every fourth row and column of `[N, C, H, W]`.
  private func thinned(_ x: Tensor) -> Tensor {
    let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    return x.reshaped([n, c, h / 4, 4, w / 4, 4]).sliced(axis: 3, from: 0, to: 1)
      .sliced(axis: 5, from: 0, to: 1).reshaped([n, c, h / 4, w / 4])
  }

  @Test("A U-Net of width 3 on 64×64 pixels", arguments: ["eval", "train"])
  func unet(mode: String) throws {
    try compare(
      "unet", "semantic-cgan/unet", settings: "{width: 3}", inputs: [("condition", 4)],
      output: "image", cotangentFactor: 4, mode: mode)
  }

  @Test("A PatchGAN of width 5 on 40×48 pixels", arguments: ["eval", "train"])
  func patchgan(mode: String) throws {
    try compare(
      "patchgan", "semantic-cgan/patchgan", settings: "{width: 5}",
      inputs: [("condition", 4), ("image", 2)], output: "logits", cotangentFactor: 1, mode: mode)
  }
}
