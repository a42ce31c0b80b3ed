import Foundation
import PluginAPI
import Testing

@testable import Host

@Suite("Documentation/Ports.md")
struct PortsDocumentTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("Every kind and role of the plugin API has its row", arguments: ["Kind", "Role"])
  func rows(_ type: String) throws {
    let source = try text(of: "Sources/PluginAPI/Ports/Port\(type == "Kind" ? ".Kind" : "").swift")
    let names = source.matches(of: /= (Kind|Role)\(rawValue: "(\w+)"\)/)
      .filter { $0.output.1 == type }.map { String($0.output.2) }
    #expect(names.count >= 6)
    let rows = try text(of: "Documentation/Ports.md").split(separator: "\n")
      .filter { $0.hasPrefix("| `") }
    for name in names {
      #expect(rows.contains { $0.contains("`\(name)`") }, "\(name) has no row")
    }
  }

  @Test("The table of kinds is the one that the program has")
  func table() throws {
    let document = try text(of: "Documentation/Ports.md")
    let start = try #require(document.range(of: "| kind | inside the program"))
    let old = document[start.lowerBound...]
      .split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("|") }
      .joined(separator: "\n")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try document.replacing(old, with: PortLayout.markdown)
        .write(
          to: root.appending(path: "Documentation/Ports.md"), atomically: true, encoding: .utf8)
    } else {
      #expect(old == PortLayout.markdown)
    }
  }

  @Test("The table has every kind of the plugin API once")
  func kinds() throws {
    let source = try text(of: "Sources/PluginAPI/Ports/Port.Kind.swift")
    let names = source.matches(of: /= Kind\(rawValue: "(\w+)"\)/).map { String($0.output.1) }
    #expect(PortLayout.all.map(\.kind.rawValue).sorted() == names.sorted())
  }

  private func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}
