import Foundation
import Images
import Testing

/// The folder that Tests/Fixtures/images.py writes.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Fixtures/images")

func fixture(_ name: String) throws -> Image {
  try Image(contentsOf: fixtures.appendingPathComponent(name))
}

/// Runs `body` with a new folder, which is removed afterwards.
func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("images-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}

/// The greatest difference of two pictures' samples; fails when their shapes differ.
func greatestDifference(_ a: Image, _ b: Image) -> Int {
  guard (a.height, a.width, a.channels) == (b.height, b.width, b.channels) else {
    Issue.record("\(a.height)x\(a.width)x\(a.channels) is not \(b.height)x\(b.width)x\(b.channels)")
    return .max
  }
  return zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
}
