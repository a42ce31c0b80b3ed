import Foundation
import Host
import TestSupport
import Testing

@Suite("AtomicFile")
struct AtomicFileTests {
  @Test("a file is replaced as a whole and nothing else is left")
  func replaces() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("old and long", to: folder.file("a"))
    try AtomicFile.write("new", to: folder.file("a"))
    #expect(try bytes(of: folder.file("a")) == Array("new".utf8))
    #expect(folder.names == ["a"])
  }

  @Test("a failure in the middle leaves the old file and no partial one")
  func failure() throws {
    struct Failure: Error {}
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder.file("a"))
    #expect(throws: Failure.self) {
      try AtomicFile.write(to: folder.file("a")) { file in
        try file.write([UInt8](repeating: 1, count: 100))
        throw Failure()
      }
    }
    #expect(try bytes(of: folder.file("a")) == Array("old".utf8))
    #expect(folder.names == ["a"])
  }

  @Test("a full device is reported as such")
  func fullDevice() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FileError.self) {
      try OpenFile("/dev/full", for: .appending).write([UInt8](repeating: 1, count: 5_000_000))
    }
    #expect(error == .diskFull(path: "/dev/full", bytes: 5_000_000))
    #expect(error?.description.contains("the disk is full while writing 5000 kB") == true)
    #expect(throws: FileError.diskFull(path: "/dev/full", bytes: 1)) {
      try AtomicFile.write(to: folder.file("a")) { file in
        try file.write([Float](repeating: 1, count: 9))
        try OpenFile("/dev/full", for: .appending).write([UInt8(1)])
      }
    }
    #expect(folder.names.isEmpty)
  }

  @Test("a full file system keeps the old file, and the error names the file that was asked for")
  func fullFileSystem() throws {
    let folder = try TemporaryFolder()
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=64k") == 0 else {
      print("skipped: mounting a small file system is not allowed here")
      return
    }
    defer { umount(folder.path) }
    try AtomicFile.write("old", to: folder.file("a"))
    let big = [UInt8](repeating: 7, count: 1_000_000)
    #expect(throws: FileError.diskFull(path: folder.file("a"), bytes: 1_000_000)) {
      try AtomicFile.write(big, to: folder.file("a"))
    }
    #expect(folder.names == ["a"])
    #expect(try bytes(of: folder.file("a")) == Array("old".utf8))
  }

  @Test("an absent folder and a refused one are told apart")
  func absent() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.absent(path: folder.file("none"))) {
      try AtomicFile.write("x", to: folder.file("none/a"))
    }
    try AtomicFile.write("x", to: folder.file("a"))
    #expect(throws: FileError.absent(path: folder.file("a"))) {
      try AtomicFile.write("x", to: folder.file("a/b"))
    }
  }

  @Test("files of dead processes are removed, those of living ones stay")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let living = ".x.partial-\(getppid())"
    for name in [living, ".x.partial-999999999", "x.partial-999999999", ".y"] {
      try put([1], to: folder.file(name))
    }
    AtomicFile.removeLeftovers(in: folder.path)
    #expect(folder.names == [".y", living, "x.partial-999999999"].sorted())
  }
}

@Suite("JSONLines")
struct JSONLinesTests {
  @Test("every line is in the file at once")
  func append() throws {
    let folder = try TemporaryFolder()
    let lines = try JSONLines(folder.file("s"))
    try lines.append(["step": 1, "loss": JSONValue(Float.nan)])
    try lines.append(["step": 2, "text": "a\nb"])
    #expect(
      String(decoding: try bytes(of: folder.file("s")), as: UTF8.self)
        == "{\"step\": 1, \"loss\": \"NaN\"}\n{\"step\": 2, \"text\": \"a\\nb\"}\n")
    #expect(try JSONLines.read(folder.file("s")).map { $0["step"]?.intValue } == [1, 2])
  }

  @Test("resuming cuts what came later, and a line cut short by a crash")
  func resume() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s")
    try put(Array("{\"step\": 1}\n{\"step\": 2}\n{\"step\": 3}\n{\"st".utf8), to: path)
    let lines = try JSONLines(path) { $0["step"]?.intValue ?? 0 <= 2 }
    #expect(lines.count == 2)
    try lines.append(["step": 30])
    #expect(try JSONLines.read(path).map { $0["step"]?.intValue } == [1, 2, 30])
    let none = try JSONLines(path) { _ in false }
    #expect(none.count == 0)
    #expect(try bytes(of: path).isEmpty)
  }

  @Test("a complete line that is not JSON is an error with file and line")
  func malformed() throws {
    let folder = try TemporaryFolder()
    try put(Array("{\"step\": 1}\nhello\n".utf8), to: folder.file("s"))
    let error = #expect(throws: FileError.self) { try JSONLines(folder.file("s")) }
    #expect(error?.description.hasPrefix("\(folder.file("s")):2: the line is not JSON") == true)
  }

  @Test("a full disk is an error of the line")
  func full() throws {
    #expect(throws: FileError.self) { try JSONLines("/dev/full").append(["a": 1]) }
  }
}

@Suite("RunFolder")
struct RunFolderTests {
  @Test("runs are numbered, past gaps and other names")
  func numbering() throws {
    let root = try TemporaryFolder()
    for name in ["birds-2", "birds-x", "birds-red-9", "birdsong-7"] {
      try FileManager.default.createDirectory(
        atPath: root.file("runs/\(name)"), withIntermediateDirectories: true)
    }
    let run = try RunFolder(creating: "birds", in: root.file("runs"))
    #expect(run.path == root.file("runs/birds-3"))
    #expect(FileManager.default.fileExists(atPath: run.checkpoints))
    #expect(try RunFolder(creating: "birds-red", in: root.file("runs")).path.hasSuffix("red-10"))
  }

  @Test("runs that start at once get folders of their own")
  func race() async throws {
    let root = try TemporaryFolder()
    let path = root.file("runs")
    let found = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try RunFolder(creating: "a", in: path).path } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(found.count == 16)
  }

  @Test(
    "names that would leave the folder are refused", arguments: ["", "../x", "a/b", ".x", "a b"])
  func names(name: String) throws {
    let root = try TemporaryFolder()
    #expect(throws: FileError.unusableName(name)) { try RunFolder(creating: name, in: root.path) }
  }

  @Test("a folder in use is not entered twice")
  func lock() throws {
    let root = try TemporaryFolder()
    let run = try RunFolder(creating: "a", in: root.path)
    do {
      let lock = try run.lock()
      #expect(throws: FileError.inUse(path: run.path)) { try run.lock() }
      withExtendedLifetime(lock) {}
    }
    _ = try run.lock()
  }
}
