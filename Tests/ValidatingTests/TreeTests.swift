import Foundation
import TestSupport
import Testing

@testable import Host

/// The plugins that lie beside the test program.
private let plugins: [String] =
  ((try? FileManager.default.contentsOfDirectory(atPath: products)) ?? [])
  .filter { $0.hasPrefix("lib") && $0.hasSuffix(".so") && $0 != "libWorkbenchCore.so" }.sorted()

@Suite("Every component of the tree passes every check that is asked of it", .serialized)
struct TreeTests {
  @Test("The plugins are there")
  func present() {
    #expect(Set(["libAviary.so", "libEssentials.so", "libSemanticCGAN.so"]).isSubset(of: plugins))
  }

  @Test("No check fails, and few are left out", arguments: plugins)
  func passes(_ file: String) throws {
    var validation = try Validation("\(products)/\(file)", executable: executable)
    validation.seconds = 600  // other work may go on at the same time
    for (component, samples) in [("cmp", "facades"), ("coco-stuff", "coco_stuff")]
    where SharedData.has(samples) {
      validation.settings[component] = "{\"folder\": \"\(SharedData.path(samples))\"}"
    }
    let results = try validation.run()
    for result in results {
      if case .failed(let message) = result.answer {
        Issue.record("\(result.subject) \(result.check): \(message)")
      }
    }
    #expect(results.contains { $0.answer == .passed })
  }
}
