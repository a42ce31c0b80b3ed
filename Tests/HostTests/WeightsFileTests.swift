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

  @Test("kernels under Keras's names have its axes in files, both ways")
  func keras() throws {
    let convolutions = Kernels()
    let names = WeightNames(convolutions)
    let shapes = WeightsConversion.shapes(convolutions)
    let (found, _) = try names.read(WeightsFile(checkpoint("keras.npz")), shapes: shapes)
    func at(_ name: String, _ place: [Int]) throws -> Float {
      let tensor = try #require(found[name])
      let index = zip(place, tensor.shape).reduce(0) { $0 * $1.1 + $1.0 }
      return tensor.scalars()[index]
    }
    // (kH, kW, in, out) = (2, 3, 4, 5): row 1, column 2, input 3, output 4 is the last number.
    #expect(try at("conv.weight", [4, 3, 1, 2]) == 119 && at("conv.weight", [4, 3, 1, 0]) == 79)
    #expect(try at("conv.weight", [0, 3, 0, 0]) == 15)
    // (kH, kW, out, in) = (2, 2, 3, 4)
    #expect(try at("up.weight", [3, 2, 0, 1]) == 23 && at("up.weight", [0, 2, 0, 0]) == 8)
    #expect(found["dense.weight"]?.scalars() == [0, 3, 1, 4, 2, 5])
    #expect(found["conv.bias"]?.scalars() == [0, 1, 2, 3, 4])

    for (path, parameter) in convolutions.namedParameters {
      parameter.value = try #require(found[path])
    }
    let folder = try TemporaryFolder()
    let again = folder.file("again.npz")
    try WeightsConversion("test/kernels", convolutions).exported().write(.npz, to: again)
    let (first, second) = (try WeightsFile(checkpoint("keras.npz")), try WeightsFile(again))
    #expect(second.groups[0].tensors.count == 4)
    for tensor in first.groups[0].tensors {
      let copy = try #require(second.groups[0][tensor.name])
      #expect(copy.shape == tensor.shape)
      #expect(try second.values(copy) == first.values(tensor), "\(tensor.name)")
    }
    // In our order they are others.
    try NumpyArray.write(["dense_1/kernel:0": [3, 2]], to: folder.file("ours.npz")) { _ in
      [0, 1, 2, 3, 4, 5]
    }
    let match = try names.match(WeightsFile(folder.file("ours.npz")), shapes: shapes)
    #expect(match.mismatch.misshaped.count == 1)
  }

  /// One kernel of each kind, under Keras's names.
  private struct Kernels: Generator, Importable {
    let conv = Conv2d(4, 5, kernel: Size2(2, 3))
    let up = ConvTransposed2d(4, 3, kernel: 2, bias: false)
    let dense = Linear(2, 3, bias: false)

    init() {}
    init(_ hyperparameters: NoHyperparameters, in context: BuildContext) {}
    func callAsFunction(_ inputs: Values, in context: CallContext) -> Values { inputs }

    var publishedNames: [String: String] {
      [
        "conv.weight": "conv2d_1/kernel:0", "conv.bias": "conv2d_1/bias:0",
        "up.weight": "conv2d_transpose_1/kernel:0", "dense.weight": "dense_1/kernel:0",
      ]
    }
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

  @Test("a norm's statistics have a counter of batches beside them, a whole number, 0")
  func counters() throws {
    let names = [
      "a.running_mean", "a.running_var", "b.running_mean", "running_mean", "running_var",
    ]
    let counters = WeightNames.counters(beside: names)
    #expect(counters == ["a.num_batches_tracked", "num_batches_tracked"])
    let folder = try TemporaryFolder()
    let shapes = Dictionary(uniqueKeysWithValues: names.map { ($0, [3]) })
    try TorchFile.write(shapes, counters: counters, to: folder.file("w.pth")) { _ in [1, 2, 3] }
    try SafetensorsWriter.write(
      shapes: shapes, counters: counters, metadata: [:], to: folder.file("w.safetensors")
    ) { _ in [1, 2, 3] }
    for name in folder.names {
      let file = try WeightsFile(folder.file(name))
      #expect(file.groups[0].tensors.count == 7)
      for tensor in file.groups[0].tensors {
        let isCounter = counters.contains(tensor.name)
        #expect(tensor.type == (isCounter ? .i64 : .f32) && tensor.shape == (isCounter ? [] : [3]))
        #expect(try file.values(tensor) == (isCounter ? [0] : [1, 2, 3]), "\(name) \(tensor.name)")
      }
    }
  }
}
