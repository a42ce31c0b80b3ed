import Foundation
import PluginAPI
import TestSupport
import Testing

/// The plugin and the reference numbers, read once.
enum LabelMaps {
  nonisolated(unsafe) static let plugin = Result { try PluginUnderTest("LabelMaps") }
  nonisolated(unsafe) static let fixture = Result { try Fixture.load("label_maps") }

  static func dataset(_ name: String, _ settings: Setting) throws -> any Dataset {
    try plugin.get().build(name, settings, as: (any Dataset).self)
  }

  static func ports(_ name: String, _ settings: Setting) throws -> [PluginAPI.Port] {
    let component = try #require(try plugin.get().description.components.first { $0.name == name })
    let context = PortContext(bound: [:], image: nil) { reference, _, _ in
      throw ConfigurationError("there is no slot for \(reference.use)")
    }
    return try component.provides(settings, in: context)
  }

  static func sample(
    _ dataset: any Dataset, _ index: Int, of split: Split = .train, visit: Int = 0
  ) throws -> Sample {
    var random = RandomStream(seed: 1, stream: "visit", step: visit)
    return try dataset.sample(index, of: split, using: &random)
  }

  static func reference(_ name: String) throws -> [Float] { try fixture.get()[name].values }

  /// How often each value from 0 on occurs.
  static func histogram(_ values: [Float], count: Int) -> [Float] {
    var result = [Float](repeating: 0, count: count)
    for value in values { result[Int(value)] += 1 }
    return result
  }
}

extension TemporaryFolder {
  /// Writes a photograph of one colour in the left half and another in the right.
  func photograph(_ name: String, height: Int = 20, width: Int = 20) throws {
    var image = Image(height: height, width: width, color: RGB(200, 30, 30))
    image.fill(top: 0, left: width / 2, height: height, width: width, with: RGB(30, 30, 200))
    try write(name) { try image.write(to: $0) }
  }

  /// Writes a map of one value in the left half and another in the right.
  func labels(
    _ name: String, _ left: UInt16 = 0, _ right: UInt16 = 1, height: Int = 20, width: Int = 20
  ) throws {
    let labels = (0..<height * width).map { $0 % width < width / 2 ? left : right }
    try write(name) { try LabelImage(height: height, width: width, labels: labels).write(to: $0) }
  }

  /// Makes a link to a file elsewhere, and the folders it lies in.
  func link(_ name: String, to path: String) throws {
    try write(name) {
      try FileManager.default.createSymbolicLink(atPath: $0.path, withDestinationPath: path)
    }
  }

  private func write(_ name: String, _ body: (URL) throws -> Void) throws {
    let url = URL(filePath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try body(url)
  }
}
