import Foundation
import Host
import PluginAPI
import TestSupport
import Testing

@Suite("Learned perceptual similarity")
struct LPIPSTests {
  /// Of the largest number expected.
  private let tolerance: Float = 1e-4

  private func network(
    _ trunk: String, _ settings: Setting, side: Int
  ) throws -> any Perceptor & Importable {
    try Perceptors.build(
      "lpips", ["trunk": ["use": .string("perceptors/\(trunk)"), "with": settings]], side: side,
      as: (any Perceptor & Importable).self)
  }

  private static let trunks: [(String, Setting, Int)] = [
    ("alexnet", [:], 35),
    ("squeezenet", ["release": "1.1", "layers": [1, 4, 7, 9, 10, 11, 12]], 39),
  ]

  @Test(
    "Distances and their gradients as in PyTorch, with heads and without",
    arguments: LPIPSTests.trunks)
  func agrees(_ trunk: String, _ settings: Setting, _ side: Int) throws {
    let lpips = try network(trunk, settings, side: side)
    Perceptors.fill(lpips)
    let shape = [2, side, side, 3]
    let first = Perceptors.made("image", shape)
    let second = first * 0.6 + Perceptors.made("other", shape) * 0.4
    let heads = lpips.namedParameters.filter { $0.path.hasPrefix("heads") }
    for (_, head) in heads { head.value = .ones(head.shape) }
    let unheaded = distance(first, second, by: lpips)
    let unheadedError = noted(
      difference(unheaded, try Perceptors.reference("lpips/\(trunk).unheaded")),
      "without heads", of: "perceptors lpips/\(trunk)")
    #expect(unheadedError <= tolerance)

    for (path, parameter) in heads {
      parameter.value = Perceptors.made(path, parameter.shape).abs()
    }
    let (a, b) = (first.variable(), second.variable())
    let value = distance(a, b, by: lpips)
    let error = noted(
      difference(value, try Perceptors.reference("lpips/\(trunk)")), "value",
      of: "perceptors lpips/\(trunk)")
    #expect(error <= tolerance)
    let slopes = gradients(of: (value * Tensor([1, 2], [2])).sum(), at: [a, b])
    try expectSpread(slopes[0], matches: "lpips/\(trunk)/first/d.image", tolerance: tolerance)
    try expectSpread(slopes[1], matches: "lpips/\(trunk)/second/d.image", tolerance: tolerance)
  }

  /// What metrics make of the features: one distance for each pair.
  private func distance(_ a: Tensor, _ b: Tensor, by lpips: any Perceptor) -> Tensor {
    let features = [a, b].map { lpips(["image": $0], in: Perceptors.context).list("features") }
    return zip(features[0], features[1]).reduce(Tensor.zeros([a.shape[0]])) { sum, pair in
      sum + (pair.0 - pair.1).square().sum(axes: [3]).mean(axes: [1, 2])
    }
  }

  @Test(
    "Published heads are read, and none has a negative weight",
    arguments: [("alex", "alexnet", 5), ("vgg", "vgg16", 5), ("squeeze", "squeezenet", 7)])
  func publishedHeads(_ file: String, _ trunk: String, _ count: Int) throws {
    let path = "../shared/data/squeezenet/lpips_linear/\(file).safetensors"
    guard FileManager.default.fileExists(atPath: path) else {
      print("skipped: there is no \(path)")
      return
    }
    let settings: Setting =
      trunk == "squeezenet" ? ["release": "1.1", "layers": [1, 4, 7, 9, 10, 11, 12]] : [:]
    let lpips = try network(trunk, settings, side: 64)
    let names = lpips.publishedNames.filter { $0.key.hasPrefix("heads") }
    #expect(names.count == count)
    let shapes = Dictionary(
      uniqueKeysWithValues: lpips.namedParameters.map { ($0.path, $0.parameter.shape) }
    ).filter { names[$0.key] != nil }
    let read = try WeightNames(names).read(WeightsFile(path), shapes: shapes).tensors
    for (name, head) in read { #expect(head.min().item() >= 0, "\(name)") }
  }
}
