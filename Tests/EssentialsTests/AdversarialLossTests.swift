import PluginAPI
import Testing

@Suite("Adversarial losses against PyTorch")
struct AdversarialLossTests {
  static let cases: [(component: String, settings: Setting, reference: String)] = [
    ("hinge", [:], "hinge"),
    ("hinge", ["margin": 0.3, "discriminatorWeight": 0.5], "hinge-margin"),
    ("bce", [:], "bce"),
    (
      "bce",
      ["realTarget": 0.9, "fakeTarget": 0.1, "game": "minimax", "discriminatorWeight": 0.5],
      "bce-smooth"
    ),
    ("least-squares", [:], "least-squares"),
    (
      "least-squares",
      [
        "realTarget": 0.8, "fakeTarget": -1, "generatorTarget": 0, "discriminatorWeight": 0.5,
      ], "least-squares-coded"
    ),
    ("wasserstein", ["discriminatorWeight": 0.5], "wasserstein"),
  ]

  @Test("Both players' losses and their gradients, mean over two scales", arguments: cases.indices)
  func losses(_ index: Int) throws {
    let (component, settings, reference) = Self.cases[index]
    let loss = try Essentials.build(component, settings, as: (any AdversarialLoss).self)
    let real = try (0..<2).map { try Essentials.reference("real.\($0)").variable() }
    let fake = try (0..<2).map { try Essentials.reference("fake.\($0)").variable() }

    let d = loss.discriminatorLoss(judgements(real: real, fake: fake))
    try expect(d, matches: "\(reference).d")
    let slopes = gradients(of: d, at: real + fake)
    for scale in 0..<2 {
      try expect(slopes[scale], matches: "\(reference).d.real.\(scale)")
      try expect(slopes[2 + scale], matches: "\(reference).d.fake.\(scale)")
    }

    let g = loss.generatorLoss(judgements(real: nil, fake: fake))
    try expect(g, matches: "\(reference).g")
    let generatorSlopes = gradients(of: g, at: fake)
    for scale in 0..<2 {
      try expect(generatorSlopes[scale], matches: "\(reference).g.fake.\(scale)")
    }
  }

  @Test("Summed scales weigh twice as much as two averaged ones", arguments: cases.indices)
  func sum(_ index: Int) throws {
    let (component, settings, _) = Self.cases[index]
    guard case .object(var members) = settings else { return }
    members["scales"] = "sum"
    let mean = try Essentials.build(component, settings, as: (any AdversarialLoss).self)
    let sum = try Essentials.build(component, .object(members), as: (any AdversarialLoss).self)
    let real = try (0..<2).map { try Essentials.reference("real.\($0)") }
    let fake = try (0..<2).map { try Essentials.reference("fake.\($0)") }
    let input = judgements(real: real, fake: fake)
    let values = (mean.discriminatorLoss(input).item(), sum.discriminatorLoss(input).item())
    #expect(abs(values.1 - 2 * values.0) <= 1e-5 * abs(values.1))
    let others = (mean.generatorLoss(input).item(), sum.generatorLoss(input).item())
    #expect(abs(others.1 - 2 * others.0) <= 1e-5 * abs(others.1))
  }

  @Test("Cross entropy stays finite for verdicts far from zero")
  func extremes() throws {
    let loss = try Essentials.build("bce", as: (any LogitLoss).self)
    let logits = Tensor([200, -200], [2])
    #expect(loss.discriminatorLoss(real: logits, fake: logits).item() == 200)
    #expect(loss.generatorLoss(fake: Tensor([200], [1])).item() == 0)
  }

  private func judgements(real: [Tensor]?, fake: [Tensor]) -> Judgements {
    var kinds: [JudgementKind: Judgement] = [.fake: judgement(fake)]
    if let real { kinds[.real] = judgement(real) }
    return Judgements(kinds)
  }

  private func judgement(_ logits: [Tensor]) -> Judgement {
    var values = Values()
    values.set("logits", logits)
    return Judgement(values)
  }
}
