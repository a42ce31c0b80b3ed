import Host
import PluginAPI
import TestSupport
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
  @Test("every number format of a file written elsewhere is read")
  func formats() throws {
    let file = try SafetensorsReader(fixture("number_formats.safetensors"))
    for name in ["f64", "f32", "f16", "bf16"] {
      #expect(try file.values(named: name) == [0, 1, -2, 0.5, 100, -0.25], "\(name)")
      #expect(file.entry(named: name)?.shape == [2, 3])
    }
    for name in ["i64", "i32", "i16", "i8", "u8"] {
      #expect(try file.values(named: name) == [0, 1, 2, 3, 100, 127], "\(name)")
      #expect(try file.integers(named: name) == [0, 1, 2, 3, 100, 127], "\(name)")
    }
    #expect(try file.values(named: "bool") == [1, 0, 1])
    #expect(try file.tensor(named: "scalar").shape == [])
    #expect(try file.tensor(named: "scalar").item() == 3)
    #expect(try file.tensor(named: "empty").shape == [0, 4])
    #expect(file.metadata["seed"].flatMap { UInt64($0) } == .max)
  }

  @Test("tensors and metadata survive a round trip, bit for bit, and files are reproducible")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let values: [Float] = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, 1 / 3]
    let tensors = [
      "b": Tensor(values, [2, 3]), "a.ü": Tensor(7), "none": Tensor([], [0, 5]),
      "nan": Tensor([Float(bitPattern: 0x7FC1_2345)], [1]),
    ]
    let metadata = ["seed": "\(UInt64.max)", "quote\"\n": "\u{2028}é"]
    try SafetensorsWriter.write(tensors, metadata: metadata, to: folder.file("a"))
    try SafetensorsWriter.write(tensors, metadata: metadata, to: folder.file("b"))
    #expect(try bytes(of: folder.file("a")) == bytes(of: folder.file("b")))
    #expect(folder.names == ["a", "b"])
    let file = try SafetensorsReader(folder.file("a"))
    #expect(file.names.sorted() == ["a.ü", "b", "nan", "none"])
    #expect(file.metadata == metadata)
    let read = try file.values(named: "b")
    #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(try file.values(named: "nan")[0].bitPattern == 0x7FC1_2345)
    #expect(file.entry(named: "none")?.shape == [0, 5])
    #expect(try bytes(of: folder.file("a")).count % 4 == 0)
  }

  /// A file with this header and so many bytes of data.
  private func file(_ header: String, data: Int, in folder: TemporaryFolder) throws -> String {
    let text = Array(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    try put(length + text + [UInt8](repeating: 0, count: data), to: folder.file("x"))
    return folder.file("x")
  }

  @Test(
    "a faulty header is refused with tensor, found and expected",
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "tensor a: bytes 0..<8"),
      (
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
        "tensor a: shape [3] of F32 needs 12"
      ),
      (
        #"{"a":{"dtype":"F9","shape":[2],"data_offsets":[0,8]}}"#, 8,
        "tensor a: numbers of type F9 found"
      ),
      (
        #"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, 8,
        "tensor a: its header entry is not valid: dtype"
      ),
      (
        #"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#, 8,
        "tensor a: its header entry is not valid: shape"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8,
        "tensor a: its header entry is not valid: -2"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}"#, 8,
        "tensor a: its header entry is not valid: 1.5"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8,
        "tensor a: its header entry is not valid: data_offsets"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, 8,
        "tensor a: its header entry is not valid: data_offsets"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, 8,
        "tensor a: its header entry is not valid: shape"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
        6, "tensor b: it shares bytes with tensor a"
      ),
      (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, 6, "2 bytes from offset 0"),
      (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, 6, "2 bytes from offset 4"),
      (#"{"a":1,"a":2}"#, 0, "the header is not valid: a: the key occurs a second time"),
      (#"{"__metadata__":{"a":1}}"#, 0, "the header is not valid: __metadata__ is not"),
      (#"{"a":"#, 0, "the header is not valid"), ("[]", 0, "the header is not valid"),
      (" {}", 0, "the header is not valid"), ("{}", 1, "1 bytes from offset 0"),
    ])
  func faults(header: String, data: Int, expected: String) throws {
    let folder = try TemporaryFolder()
    let path = try file(header, data: data, in: folder)
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsReader(path) }
    #expect(
      error?.description.hasPrefix("\(path): \(expected)") == true, "\(String(describing: error))")
  }

  @Test("a file cut anywhere is refused")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(of: fixture("number_formats.safetensors"))
    for length in stride(from: 0, to: whole.count, by: 7) {
      try put(Array(whole.prefix(length)), to: folder.file("x"))
      #expect(throws: (any Error).self) { try SafetensorsReader(folder.file("x")) }
    }
    try put([255, 255, 255, 255, 255, 255, 255, 255, 1], to: folder.file("x"))
    #expect(throws: SafetensorsError.self) { try SafetensorsReader(folder.file("x")) }
  }

  @Test("an absent name, a lossy whole number and a wrong truth value are refused")
  func reading() throws {
    let folder = try TemporaryFolder()
    let file = try SafetensorsReader(fixture("number_formats.safetensors"))
    let absent = #expect(throws: SafetensorsError.self) { try file.values(named: "scalr") }
    #expect(absent?.description.contains("the nearest name is scalar") == true)
    let name = "module.net.num_batches_tracked"
    #expect(throws: SafetensorsError.self) { try file.values(named: name) }
    #expect(try file.integers(named: name) == [(1 << 40) + 1])
    #expect(throws: SafetensorsError.self) { try file.integers(named: "f32") }
    let path = try self.file(
      #"{"a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}"#, data: 0, in: folder)
    try put(try bytes(of: path) + [2], to: path)
    #expect(throws: SafetensorsError.self) { try SafetensorsReader(path).values(named: "a") }
  }
}
