import Foundation
import Host
import PluginAPI
import TestSupport
import Testing

@Suite("Checkpoint")
struct CheckpointTests {
  private func checkpoint(step: Int) -> Checkpoint {
    var checkpoint = Checkpoint(
      Checkpoint.Record(
        step: step, images: 8 * step, epoch: 2, seed: .max - 1,
        experimentHash: "abc", extra: ["stage": 1, "adam": ["generator": JSONValue(UInt64.max)]]))
    checkpoint["generator"] = ["conv.weight": Tensor([1, 2, 3, 4], [2, 2]), "bias": Tensor(0.5)]
    checkpoint["average"] = ["bias": Tensor(Float(step))]
    return checkpoint
  }

  @Test("record and tensors survive a round trip exactly")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let saved = checkpoint(step: 3)
    try saved.save(to: folder.file("c"))
    let loaded = try Checkpoint.load(folder.file("c"))
    #expect(loaded.record == saved.record)
    #expect(Set(loaded.tensors.keys) == Set(saved.tensors.keys))
    #expect(loaded["generator"]["conv.weight"]?.scalars() == [1, 2, 3, 4])
    #expect(loaded["generator"]["conv.weight"]?.shape == [2, 2])
    #expect(loaded["average"]["bias"]?.item() == 3)
  }

  @Test("a change of any bit is noticed")
  func damage() throws {
    let folder = try TemporaryFolder()
    try checkpoint(step: 3).save(to: folder.file("c"))
    let whole = try bytes(of: folder.file("c"))
    for index in whole.indices {
      var changed = whole
      changed[index] ^= 1 << (index % 8)
      try put(changed, to: folder.file("d"))
      #expect(throws: (any Error).self) { try Checkpoint.load(folder.file("d")) }
    }
    for length in 0..<whole.count {
      try put(Array(whole.prefix(length)), to: folder.file("d"))
      #expect(throws: CheckpointError.self) { try Checkpoint.load(folder.file("d")) }
    }
  }

  @Test("the last ones are kept; the newest is loaded")
  func retention() throws {
    let folder = try TemporaryFolder()
    let checkpoints = CheckpointFolder(folder.file("checkpoints"), keep: 2)
    #expect(throws: CheckpointError.none(folder: checkpoints.path)) { try checkpoints.load() }
    for step in [5, 10, 20, 100] { try checkpoints.save(checkpoint(step: step)) }
    #expect(checkpoints.files.map(\.step) == [20, 100])
    #expect(try checkpoints.load().record.step == 100)
    #expect(try checkpoints.load(step: 20).record.step == 20)
  }

  @Test("a damaged checkpoint names the newest older one that is whole")
  func older() throws {
    let folder = try TemporaryFolder()
    let checkpoints = CheckpointFolder(folder.path, keep: 5)
    for step in [5, 10, 20] { try checkpoints.save(checkpoint(step: step)) }
    for step in [10, 20] {
      let path = folder.file("step-\(step).safetensors")
      try put(try bytes(of: path).dropLast(1) + [9], to: path)
    }
    let error = #expect(throws: CheckpointError.self) { try checkpoints.load() }
    guard case .damaged(let reason, let older) = error else {
      Issue.record("\(String(describing: error)) is no damage")
      return
    }
    #expect(older == folder.file("step-5.safetensors"))
    #expect(reason.hasPrefix("\(folder.path)/step-20.safetensors: the contents have checksum"))
    #expect(try checkpoints.load(step: 5).record.step == 5)
  }

  @Test("missing, surplus and mis-shaped tensors are listed together")
  func mismatch() throws {
    let folder = try TemporaryFolder()
    try checkpoint(step: 1).save(to: folder.file("c"))
    let expected = ["generator/bias": [1], "generator/scale": [2, 2], "average/bias": []]
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint.load(folder.file("c"), expecting: expected)
    }
    #expect(
      error?.description == """
        \(folder.file("c")): the checkpoint is of another experiment:
          missing     generator/scale        expected [2, 2]
          surplus     generator/conv.weight  found [2, 2]
          mis-shaped  generator/bias         expected [1], found []
        put back the experiment.json that it was written by, or use another run
        """)
  }

  @Test("weights without a record, and records of another format, are told apart from damage")
  func strangers() throws {
    let folder = try TemporaryFolder()
    let path = fixture("number_formats.safetensors")
    #expect(throws: CheckpointError.notACheckpoint(path: path)) { try Checkpoint.load(path) }
    try SafetensorsWriter.write([:], metadata: ["checkpoint": "7"], to: folder.file("c"))
    #expect(throws: CheckpointError.format(path: folder.file("c"), found: 7)) {
      try Checkpoint.load(folder.file("c"))
    }
    #expect(throws: FileError.absent(path: folder.file("n"))) {
      try Checkpoint.load(folder.file("n"))
    }
  }

  @Test("a full disk keeps all older checkpoints and leaves no partial one")
  func diskFull() throws {
    let folder = try TemporaryFolder()
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=64k") == 0 else {
      print("skipped: mounting a small file system is not allowed here")
      return
    }
    defer { umount(folder.path) }
    let checkpoints = CheckpointFolder(folder.path, keep: 1)
    try checkpoints.save(checkpoint(step: 1))
    var big = checkpoint(step: 2)
    big.tensors["big"] = Tensor.zeros([100_000])
    let error = #expect(throws: FileError.self) { try checkpoints.save(big) }
    #expect(error?.description.contains("the disk is full while writing 400 kB") == true)
    #expect(folder.names == ["step-1.safetensors"])
    #expect(try checkpoints.load().record.step == 1)
  }
}

@Suite("WeightNames")
struct WeightNamesTests {
  private func file(_ folder: TemporaryFolder, _ names: [String]) throws -> WeightsFile {
    let tensors = names.enumerated().map { ($0.element, Tensor([Float($0.offset), 0], [2])) }
    try SafetensorsWriter.write(
      Dictionary(uniqueKeysWithValues: tensors), to: folder.file("w"))
    return try WeightsFile(folder.file("w"))
  }

  @Test("published names are read as ours, whatever prefix training left")
  func translation() throws {
    let folder = try TemporaryFolder()
    let names = WeightNames(["conv.weight": "net.0.weight", "norm.scale": "module.net.1.weight"])
    let file = try file(
      folder, ["module.net.0.weight", "net.1.weight", "net.1.num_batches_tracked"])
    let weights = try names.read(file, shapes: ["conv.weight": [2]]).tensors
    #expect(weights["conv.weight"]?.scalars() == [0, 0])
    #expect(weights["norm.scale"]?.scalars() == [1, 0])
    #expect(weights.count == 2)
  }

  @Test("all differences come in one table")
  func differences() throws {
    let folder = try TemporaryFolder()
    let names = WeightNames(["a": "net.a", "b": "net.b", "c": "net.c"])
    let file = try file(folder, ["net.a", "net.b", "net.x"])
    let error = #expect(throws: WeightNamesError.self) {
      try names.read(file, shapes: ["a": [3], "b": [2], "c": [1, 4]])
    }
    #expect(
      error?.mismatch.description == """
          missing     c      expected [1, 4], looked for as net.c
          surplus     net.x  found [2]
          mis-shaped  a      expected [3], found [2], named net.a
        """)
    #expect(error?.mismatch.surplus == ["net.x"])
    let rest = WeightNames(["b": "net.b"])
    #expect(throws: WeightNamesError.self) { try rest.read(file) }
  }
}
