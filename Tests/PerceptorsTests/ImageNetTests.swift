import Foundation
import Host
import PluginAPI
import TestSupport
import Testing

/// The published SqueezeNet 1.0 in ../shared/data/squeezenet, with photographs and what it says of them.
@Suite("A published classifier")
struct ImageNetTests {
  private static let folder = "../shared/data/squeezenet"

  @Test("The three likeliest classes of 22 photographs are those that PyTorch finds")
  func predictions() throws {
    let weights = "\(Self.folder)/squeezenet1_0_imagenet.safetensors"
    guard FileManager.default.fileExists(atPath: weights) else {
      print("skipped: there is no \(weights)")
      return
    }
    let network = try Perceptors.build(
      "squeezenet", ["classes": 1000], side: 227, as: (any Perceptor & Importable).self)
    let parameters = network.namedParameters
    let shapes = Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.parameter.shape) })
    let read = try WeightNames(network.publishedNames)
      .read(WeightsFile(weights), shapes: shapes).tensors
    for (path, parameter) in parameters { parameter.value = try #require(read[path]) }

    let table = try String(contentsOfFile: "\(Self.folder)/expected_top3.csv", encoding: .utf8)
    let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    #expect(rows.count == 22)
    for row in rows {
      let image = try photograph("../shared/data/\(row[0])")
      let scores = network(["image": image], in: Perceptors.context)["scores"]
      let shares = scores.softmax(axis: 1).scalars()
      let likeliest = shares.indices.sorted { shares[$0] > shares[$1] }.prefix(3)
      #expect(likeliest.map(String.init) == [1, 3, 5].map { String(row[$0]) }, "\(row[0])")
      let expected = try [2, 4, 6].map { try #require(Float(row[$0])) }
      for (share, expected) in zip(likeliest.map { shares[$0] }, expected) {
        #expect(abs(share - expected) < 1e-3, "\(row[0])")
      }
      let sum = try #require(Float(row[7]))
      #expect(abs(scores.sum().item() - sum) < 1e-4 * sum, "\(row[0])")
    }
  }

  /// The middle 227×227 of 256×256, in -1...1.
  private func photograph(_ path: String) throws -> Tensor {
    var image = try Image(contentsOf: URL(fileURLWithPath: path), channels: 3)
    if image.height > 256, image.width < 256 {
      // Recent versions of Pillow, which made the table, then reduce the height first.
      image = image.resized(height: 256, width: image.width, filter: .bilinear)
    }
    image = image.resized(height: 256, width: 256, filter: .bilinear)
    let numbers = image.pixels.map { Float($0) / 127.5 - 1 }
    return Tensor(numbers, [1, 256, 256, 3])
      .sliced(axis: 1, from: 14, to: 241).sliced(axis: 2, from: 14, to: 241)
  }
}
