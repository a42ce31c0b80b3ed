import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// A file of Tests/Fixtures/checkpoints/.
private func checkpoint(_ name: String) -> String { fixture("checkpoints/\(name)") }

/// Every file that `expected.safetensors` speaks of.
private let sound = Set(
  ((try? SafetensorsReader(checkpoint("expected.safetensors")).names) ?? [])
    .compactMap { $0.split(separator: "/").first.map(String.init) }
).sorted()

@Suite("Weights files of others")
struct WeightsFileTests {
  @Test("every tensor is read as PyTorch and NumPy have it", arguments: sound)
  func read(_ name: String) throws {
    let expected = try SafetensorsReader(checkpoint("expected.safetensors"))
    let file = try WeightsFile(checkpoint(name))
    var compared = 0
    for full in expected.names where full.hasPrefix("\(name)/") {
      let short = String(full.dropFirst(name.count + 1))
      let tensor = try #require(file.groups.compactMap { $0[short] }.first, "\(full)")
      #expect(tensor.shape == expected.entry(named: full)?.shape, "\(full)")
      let found = try file.values(tensor).map(\.bitPattern)
      #expect(try found == expected.values(named: full).map(\.bitPattern), "\(full)")
      compared += 1
    }
    let all = file.groups.flatMap(\.tensors).filter { !$0.name.hasSuffix("num_batches_tracked") }
    #expect(compared > 0 && compared <= all.count)
  }

  @Test("the first bytes say what a file is")
  func formats() throws {
    #expect(sound.count >= 20)
    for (name, format) in [
      ("zip.pth", WeightsFile.Format.torch), ("stream.pth", .torchStream), ("arrays.npz", .npz),
      ("array.npy", .npy), ("expected.safetensors", .safetensors), ("empty.pth", .torch),
    ] { #expect(try WeightsFile(checkpoint(name)).format == format) }
    #expect(try WeightsFile(checkpoint("empty.pth")).groups.map(\.tensors.count) == [0])
  }

  @Test("numbers beyond Float32 are told, and whole numbers that it cannot hold refused")
  func beyond() throws {
    let file = try WeightsFile(checkpoint("types.pth"))
    let wide = try #require(file.groups[0]["f64"])
    #expect(try file.values(wide) == [0.1, -2, .infinity])
    #expect(file.notes == ["f64: 1 × beyond Float32, became infinite"])
    let inexact = try WeightsFile(checkpoint("inexact.pth"))
    let count = try #require(inexact.groups[0]["count"])
    let error = #expect(throws: WeightsFileError.self) { try inexact.values(count) }
    #expect(error?.description.contains("number 1 is 1099511627777, which Float32 cannot") == true)
  }

  @Test("a state dict is found under the key that fits best")
  func nested() throws {
    let small = WeightNames(["w": "0.weight", "b": "0.bias", "mean": "1.running_mean"])
    let file = try WeightsFile(checkpoint("nested.pth"))
    #expect(file.groups.map(\.key) == ["state_dict", "optimizer.state.0"])
    #expect(file.notes == ["no tensors, and passed over: epoch"])
    let match = try small.match(file)
    #expect(Set(match.found.keys) == ["w", "b", "mean"])
    #expect(match.notes.first == "taken from state_dict; passed over: optimizer.state.0")
    #expect(match.notes.last?.contains("1 × num_batches_tracked") == true)
    #expect(match.mismatch.surplus.count == 3)

    let two = try WeightsFile(checkpoint("two.pth"))
    #expect(throws: WeightsFileError.ambiguous(path: two.path, keys: ["g", "g_ema"])) {
      try small.match(two)
    }
    #expect(try small.match(two, entry: "g_ema").group.key == "g_ema")
    #expect(throws: WeightsFileError.self) { try small.match(two, entry: "d") }
  }

  @Test("both ways of spectral norm have the older names, and dead statistics are passed over")
  func names() throws {
    let names = WeightNames([
      "weight": "weight_orig", "u": "weight_u", "v": "weight_v", "bias": "bias",
    ])
    let shapes = ["weight": [3, 2, 3, 3], "u": [3], "v": [18], "bias": [3]]
    for name in ["spectral.pth", "parametrized.pth"] {
      let match = try names.match(WeightsFile(checkpoint(name)), shapes: shapes)
      #expect(match.mismatch.isEmpty, "\(name): \(match.mismatch)")
    }
    let instance = WeightNames(["w": "0.weight", "b": "0.bias"])
    let match = try instance.match(WeightsFile(checkpoint("instance.pth")))
    #expect(match.mismatch.isEmpty)
    #expect(match.notes.count == 2 && match.notes[1].contains("1 × running_mean and running_var"))
    // Where the network has the statistics, they are its own.
    let batch = WeightNames(instance.published.merging(["m": "1.running_mean"]) { $1 })
    #expect(try batch.match(WeightsFile(checkpoint("instance.pth"))).mismatch.surplus.count == 1)
  }

  @Test("other tensors of a larger network are passed over, and a weight without a name is missing")
  func larger() throws {
    var names = WeightNames(["w": "0.weight"])
    names.isOfLarger = true
    let match = try names.match(
      WeightsFile(checkpoint("nested.pth")), shapes: ["w": [3, 2, 3, 3], "new": [1]])
    #expect(match.mismatch.missing == ["new"])
    #expect(match.mismatch.surplus.isEmpty && match.mismatch.misshaped.isEmpty)
    #expect(match.notes.last?.hasSuffix("of a larger network") == true)
  }

  @Test("what is written as pth and npz is read again bit for bit, of any shape")
  func written() throws {
    let folder = try TemporaryFolder()
    let values: [String: [Float]] = [
      "a.weight": [1, -0.0, .infinity, 1 / 3, 5, 6], "scalar": [7], "none": [], "ü": [.pi],
    ]
    let shapes = ["a.weight": [2, 1, 3], "scalar": [], "none": [0, 4], "ü": [1]]
    try TorchFile.write(shapes, to: folder.file("w.pth")) { values[$0] ?? [] }
    try NumpyArray.write(shapes, to: folder.file("w.npz")) { values[$0] ?? [] }
    #expect(folder.names == ["w.npz", "w.pth"])
    for (name, format) in [("w.pth", WeightsFile.Format.torch), ("w.npz", .npz)] {
      let file = try WeightsFile(folder.file(name))
      #expect(file.format == format && file.notes.isEmpty)
      #expect(file.groups.map(\.tensors.count) == [4])
      for tensor in file.groups[0].tensors {
        #expect(tensor.shape == shapes[tensor.name])
        let found = try file.values(tensor).map(\.bitPattern)
        #expect(found == values[tensor.name]?.map(\.bitPattern), "\(name) \(tensor.name)")
        #expect(tensor.count == 0 || tensor.block.offset % 64 == 0)
      }
    }
  }
}
