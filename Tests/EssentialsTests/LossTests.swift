import PluginAPI
import Testing

@Suite("Loss terms against PyTorch")
struct LossTests {
  @Test("Pixel losses and their gradients", arguments: ["l1", "l2"])
  func pixels(_ name: String) throws {
    let loss = try Essentials.build(name, as: (any Loss).self)
    let generated = try Essentials.reference("pixels.generated").variable()
    let value = loss(
      ["generated": generated, "target": try Essentials.reference("pixels.target")],
      in: Essentials.context)
    try expect(value, matches: "\(name).value")
    try expect(gradients(of: value, at: [generated])[0], matches: "\(name).d")
  }

  @Test("Total variation and its gradient, also where nothing varies", arguments: ["1.25", "1.0"])
  func variation(_ exponent: String) throws {
    let loss = try Essentials.build(
      "total-variation", ["exponent": .number(Double(exponent) ?? 0)], as: (any Loss).self)
    let generated = try Essentials.reference("variation.generated").variable()
    let value = loss(["generated": generated], in: Essentials.context)
    try expect(value, matches: "variation.\(exponent)")
    try expect(gradients(of: value, at: [generated])[0], matches: "variation.\(exponent).d")
  }

  @Test(
    "Kullback-Leibler divergence: sum, per image, mean", arguments: ["sum", "perImage", "mean"])
  func divergence(_ reduction: String) throws {
    let loss = try Essentials.build(
      "kl", ["reduction": .string(reduction)], as: (any Loss).self)
    let mean = try Essentials.reference("kl.mean").variable()
    let logVariance = try Essentials.reference("kl.logVariance").variable()
    let value = loss(
      ["posterior.mean": mean, "posterior.logVariance": logVariance], in: Essentials.context)
    let divisor: Float = ["sum": 1, "perImage": 3, "mean": 48][reduction] ?? 0
    try expect(value * divisor, matches: "kl.value")
    let slopes = gradients(of: value, at: [mean, logVariance])
    try expect(slopes[0].map { $0 * divisor }, matches: "kl.d.mean")
    try expect(slopes[1].map { $0 * divisor }, matches: "kl.d.logVariance")
  }

  @Test(
    "Feature matching of two scales of three layers",
    arguments: [
      (["layers": "all"], "all"),
      (["layers": "all", "scaleReduction": "sum"], "all.sum"),
      (["layers": "allButLast"], "butLast"),
      (["layers": "allButLast", "layerReduction": "mean"], "butLast.mean"),
    ] as [(Setting, String)])
  func features(_ settings: Setting, _ reference: String) throws {
    let value = try matching(settings, gradientsAt: []).value
    try expect(value, matches: "matching.\(reference)")
  }

  @Test("Feature matching teaches the fake side only, and not through the last layer")
  func featureGradients() throws {
    let slopes = try matching(["layers": "allButLast"], gradientsAt: [0, 2, 4]).slopes
    try expect(slopes[0], matches: "matching.butLast.d.0")
    try expect(slopes[2], matches: "matching.butLast.d.4")
    #expect(slopes[1] == nil)  // the last map of the first scale
    #expect(slopes[3] == nil)  // a real map
  }

  /// Gradients at the fake maps of those numbers and, last, at a real map.
  private func matching(
    _ settings: Setting, gradientsAt maps: [Int]
  ) throws -> (value: Tensor, slopes: [Tensor?]) {
    let loss = try Essentials.build(
      "feature-matching", settings,
      bound: [
        .features("real", layers: 3, role: .real), .features("fake", layers: 3, role: .fake),
      ],
      as: (any Loss).self)
    let real = try (0..<6).map { try Essentials.reference("features.real.\($0)").variable() }
    let fake = try (0..<6).map { try Essentials.reference("features.fake.\($0)").variable() }
    var inputs = Values()
    inputs.set("real", scales: [Array(real[0..<3]), Array(real[3..<6])])
    inputs.set("fake", scales: [Array(fake[0..<3]), Array(fake[3..<6])])
    let value = loss(inputs, in: Essentials.context)
    return (value, gradients(of: value, at: maps.map { fake[$0] } + [real[0]]))
  }
}
