/// Recognises a shared library of this machine by the first twenty bytes of its file.
enum ELFHeader {
  /// - Throws: `PluginError` of a wrong kind or a wrong machine.
  static func check(_ bytes: [UInt8], of path: String) throws(PluginError) {
    guard bytes.count >= 20, bytes.starts(with: [0x7f] + Array("ELF".utf8)) else {
      throw PluginError(.wrongKind, path, found: kind(of: bytes), expected: library)
    }
    guard bytes[16] == 3 else {
      let kinds = [1: "an object file", 2: "an executable", 4: "a core dump"]
      throw PluginError(
        .wrongKind, path, found: kinds[Int(bytes[16])] ?? "ELF of type \(bytes[16])",
        expected: library)
    }
    let found = Int(bytes[18]) | Int(bytes[19]) << 8
    guard bytes[4] == 2, bytes[5] == 1, found == machine.number else {
      throw PluginError(
        .wrongMachine, path, found: names[found] ?? "machine \(found)", expected: machine.name)
    }
  }

  private static let library = "an ELF shared library"

  private static let names = [
    3: "32-bit x86", 40: "32-bit ARM", 62: "x86-64", 183: "AArch64", 243: "RISC-V",
  ]

  private static var machine: (number: Int, name: String) {
    #if arch(arm64)
      (183, "AArch64")
    #else
      (62, "x86-64")
    #endif
  }

  private static func kind(of bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "an empty file" }
    let start = bytes.prefix(24)
    if start.allSatisfy({ $0 == 9 || $0 == 10 || (32..<127).contains($0) }) {
      let line = start.prefix { $0 != 10 }
      return "text that begins with “\(String(decoding: line, as: UTF8.self))”"
    }
    if start.starts(with: Array("!<arch>".utf8)) { return "a static library" }
    return "bytes \(start.prefix(4).map { String($0, radix: 16) }.joined(separator: " "))"
  }
}
