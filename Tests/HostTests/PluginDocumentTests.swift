import Foundation
import Testing

@Suite("The code of README.md and Documentation/WritingAPlugin.md")
struct PluginDocumentTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test(
    "Code under a file's name is that file, which the tests build, and there is no other",
    arguments: [("README.md", 1), ("Documentation/WritingAPlugin.md", 8)])
  func code(_ file: String, _ count: Int) throws {
    let document = try text(of: file)
    let listings = document.matches(of: /\n`([^`\n]+\.swift)`:\n\n```swift\n/)
    #expect(listings.count == count)
    #expect(document.matches(of: /```swift/).count == count)
    for listing in listings {
      let path = String(listing.output.1)
      let code = document[listing.range.upperBound...]
      #expect(code.hasPrefix(try text(of: path) + "```\n"), "\(path) has changed")
    }
  }

  @Test("Every file it names exists")
  func files() throws {
    let document = try text(of: "Documentation/WritingAPlugin.md")
    let named = document.matches(of: /`((?:Examples|Plugins|Tests|Sources)\/[\w\/.]+)`/)
    #expect(named.count >= 6)
    for name in named {
      let path = root.appending(path: String(name.output.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(name.output.1)")
    }
  }

  private func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}
