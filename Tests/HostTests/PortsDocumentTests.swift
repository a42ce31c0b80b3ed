import Foundation
import Testing

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

  private func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}
