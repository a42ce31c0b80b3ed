import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

private func checkpoint(_ name: String) -> String { fixture("checkpoints/\(name)") }

@Suite("Weights files that are damaged, or ask for more than weights")
struct HostileWeightsTests {
  @Test(
    "a call, a class or an object kept elsewhere is refused by its name",
    arguments: [
      ("posix-system", "posix.system"), ("os-system", "os.system"),
      ("stack-global", "posix.system"), ("eval", "__builtin__.eval"),
      ("getattr", "__builtin__.getattr"), ("load", "torch.load"), ("class", "argparse.Namespace"),
      ("inst", "os.system"), ("build", "the state of an object of a class of its own"),
      ("extension", "a registered extension"), ("call-of-text", "a call of what is no function"),
      ("persistent-module", "an object kept elsewhere that is no storage of numbers"),
      ("persistent-text", "an object kept elsewhere"), ("storage-type", "os.system"),
      ("storage-call", "a call of the storage of F32"),
    ])
  func forbidden(name: String, found: String) throws {
    let error = #expect(throws: WeightsFileError.self) {
      try WeightsFile(checkpoint("hostile-\(name).pth"))
    }
    guard case .forbidden(_, let place, found)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.hasPrefix("archive/data.pkl, byte "))
    #expect(!FileManager.default.fileExists(atPath: "executed"))
  }

  @Test(
    "a view beyond its storage is refused", arguments: ["beyond", "negative", "overflow", "far"])
  func views(name: String) throws {
    let error = #expect(throws: WeightsFileError.self) {
      try WeightsFile(checkpoint("hostile-\(name).pth"))
    }
    #expect(error?.description.contains("reaches beyond its storage of 4") == true)
  }

  @Test("a number said a trillion times is a shape like another until it is read")
  func huge() throws {
    let file = try WeightsFile(checkpoint("hostile-huge.pth"))
    #expect(file.groups[0].tensors.map(\.shape) == [[1 << 20, 1 << 20]])
    let error = #expect(throws: WeightNamesError.self) {
      try WeightNames(["w": "w"]).read(file, shapes: ["w": [2, 2]])
    }
    #expect(error?.mismatch.misshaped == ["w"])
  }

  /// A checkpoint of one pickle and four numbers, with checksums that agree.
  private func pack(_ pickle: [UInt8], in folder: TemporaryFolder) throws -> String {
    let path = folder.file("x.pth")
    try AtomicFile.write(to: path) { file in
      var zip = ZipWriter(file)
      try zip.add("archive/data.pkl", pickle)
      try zip.add("archive/data/0", [], [1, 2, 3, 4])
      try zip.finish()
    }
    return path
  }

  @Test("nesting a million deep, cycles and endless programs end in an error or nothing")
  func deep() throws {
    let folder = try TemporaryFolder()
    let tuples = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E]
    #expect(try WeightsFile(pack(tuples, in: folder)).groups[0].tensors.isEmpty)
    // Lists in lists, each put into the one before.
    var lists: [UInt8] = [0x5D]
    for _ in 0..<500_000 { lists += [0x5D] }
    lists += [UInt8](repeating: 0x61, count: 500_000) + [0x2E]
    #expect(try WeightsFile(pack(lists, in: folder)).groups[0].tensors.isEmpty)
    #expect(try WeightsFile(checkpoint("hostile-itself.pth")).groups[0].tensors.isEmpty)
    let endless = [UInt8](repeating: 0x4E, count: Unpickler.mostInstructions + 1)
    let error = #expect(throws: WeightsFileError.self) {
      try WeightsFile(pack(endless, in: folder))
    }
    #expect(error?.description.contains("more than 8000000 instructions") == true)
  }

  @Test(
    "numbers that are not where the directory says are refused",
    arguments: [
      ("big-endian", "byteorder is big"), ("no-numbers", "no numbers of this storage"),
      ("few-numbers", "54 numbers of F32 expected, found 212 bytes"),
    ])
  func zip(name: String, found: String) throws {
    let error = #expect(throws: WeightsFileError.self) {
      try WeightsFile(checkpoint("\(name).pth"))
    }
    #expect(error?.description.contains(found) == true, "\(String(describing: error))")
  }

  @Test("a changed bit of the numbers is noticed")
  func checksum() throws {
    let file = try WeightsFile(checkpoint("changed.pth"))
    let weight = try #require(file.groups[0]["0.weight"])
    let error = #expect(throws: WeightsFileError.self) { try file.values(weight) }
    #expect(error?.description.contains("zip/data/0: its bytes are not those") == true)
  }

  @Test(
    "a file cut anywhere says where",
    arguments: ["zip.pth", "stream.pth", "views-stream.pth", "packed.npz", "array.npy"])
  func truncated(name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(of: checkpoint(name))
    for length in stride(from: 0, to: whole.count, by: 9) {
      try put(Array(whole.prefix(length)), to: folder.file("x"))
      let error = #expect(throws: (any Error).self) { try WeightsFile(folder.file("x")) }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(folder.file("x")), "\(length)")
    }
  }

  @Test("no change of a file crashes the readers, or gives more numbers than its shape has")
  func fuzz() throws {
    let folder = try TemporaryFolder()
    let names = [
      "zip.pth", "stream.pth", "nested.pth", "views.pth", "views-stream.pth", "types-stream.pth",
      "deflated.pth", "large.pth", "arrays.npz", "packed.npz", "array.npy", "spectral.pth",
    ]
    let originals = try names.map { try bytes(of: checkpoint($0)) }
    let pickles = try ["views.pth", "nested.pth", "parameters.pth", "hostile-huge.pth"].map {
      let zip = try ZipFile(OpenFile(checkpoint($0), for: .reading))
      let entry = try #require(zip.entries.first { $0.name.hasSuffix("data.pkl") })
      return try zip.bytes(entry, limit: .max)
    }
    var mutator = Mutator(state: 5)
    var opened = 0
    for round in 0..<4000 {
      var path = folder.file("x")
      if round % 2 == 0 {
        try put(mutator.mutate(originals[round / 2 % originals.count]), to: path)
      } else {
        // The pickle alone, packed with a checksum that agrees, so that the change is reached.
        path = try pack(mutator.mutate(pickles[round / 2 % pickles.count]), in: folder)
      }
      guard let file = try? WeightsFile(path) else { continue }
      opened += 1
      for tensor in file.groups.flatMap(\.tensors) where tensor.count < 1_000_000 {
        if let values = try? file.values(tensor) {
          #expect(values.count == tensor.shape.reduce(1, *))
        }
      }
    }
    #expect(opened > 100)
    #expect(!FileManager.default.fileExists(atPath: "executed"))
  }
}
