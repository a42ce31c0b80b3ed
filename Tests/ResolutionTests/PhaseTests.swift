import PluginAPI
import Testing

@testable import Host

@Suite("What a step does is what its phases say", .serialized) struct PhaseTests {
  private static func experiment(
    encoders: String = "{}", generations: String = #"{ "main": {} }"#,
    discriminators: String = #"[{ "use": "tiny/discriminator" }]"#,
    losses: String, phases: String, more: String = "",
    optimizers: String = #"{ "g": { "use": "essentials/sgd" }, "d": { "use": "essentials/sgd" } }"#,
    steps: Int = 1
  ) -> String {
    """
    {
      "dataset": { "use": "tiny/data" }, "latent": { "use": "essentials/normal", "with": { "size": 1 } },
      "encoders": \(encoders), "generator": { "use": "tiny/generator" },
      "generations": \(generations), "discriminators": \(discriminators), "losses": \(losses),
      "optimizers": \(optimizers), "procedure": { "phases": \(phases) }, \(more)
      "training": { "batchSize": 2, "for": { "steps": \(steps) } },
      "reports": { "every": { "steps": 100 }, "samples": 2 },
    }
    """
  }

  @Test("Two phases on one discriminator, then the generator from the images made before")
  func mismatchedAndPenalty() throws {
    let run = try TinyRun(
      Self.experiment(
        losses: #"[{ "use": "tiny/game" }, { "use": "tiny/penalty" }]"#,
        phases: """
          [
            { "name": "game", "updates": ["discriminators"], "optimizer": "d", "losses": ["game"], "side": "discriminator", "generation": "fresh", "pass": "realFirst" },
            { "name": "penalty", "updates": ["discriminators"], "optimizer": "d", "losses": ["penalty"], "side": "discriminator" },
            { "name": "generator", "updates": ["generator"], "optimizer": "g", "losses": ["game"] },
          ]
          """,
        optimizers:
          #"{ "g": { "use": "essentials/sgd", "with": { "learningRate": 1 } }, "d": { "use": "essentials/sgd" } }"#
      ))
    let changed = run.step()
    #expect(
      changed == [
        ["discriminators.0.head", "discriminators.0.trunk"],
        ["discriminators.0.head", "discriminators.0.trunk"], ["generator.weight"],
      ])
    // The trunk looks at real and at fake images once; the mismatched pair uses the real features.
    #expect(
      CallLog.lines == [
        "D features real [3, 5]", "D judge beside fake [3, 5]",
        "generator real [3, 5]",
        "D features fake [3, 5]", "D judge beside fake [3, 5]",
        "D judge beside fake [5]",
        "penalty", "D features real [3, 5]", "D judge beside fake [3, 5]",
        "D features fake [3, 5]", "D judge beside fake [3, 5]",
      ])
  }

  @Test("A weight that a phase names and does not reach counts once in the next")
  func unreached() throws {
    func moved(_ updates: String) throws -> Float {
      let run = try TinyRun(
        Self.experiment(
          encoders: #"{ "style": { "use": "tiny/encoder" } }"#,
          generations:
            #"{ "encoded": { "inputs": { "z": "encoders.style.z" } }, "random": { "inputs": { "z": "latent.z" } } }"#,
          discriminators: #"[{ "use": "tiny/discriminator", "on": "random.image" }]"#,
          losses:
            #"[{ "use": "essentials/hinge", "name": "gan" }, { "use": "essentials/l1", "name": "l1", "on": "encoded.image" }]"#,
          phases: """
            [
              { "updates": \(updates), "optimizer": "g", "losses": ["gan"], "generation": "fresh" },
              { "updates": ["encoders.style"], "optimizer": "e", "losses": ["l1"] },
              { "updates": ["discriminators"], "optimizer": "d", "losses": ["gan"], "side": "discriminator" },
            ]
            """,
          optimizers:
            #"{ "g": { "use": "essentials/sgd" }, "e": { "use": "essentials/sgd" }, "d": { "use": "essentials/sgd" } }"#
        ))
      let before = try #require(run.weights["encoders.style.weight"])
      _ = run.step()
      return try #require(run.weights["encoders.style.weight"]) - before
    }
    let alone = try moved(#"["generator"]"#)
    #expect(alone != 0)
    #expect(try moved(#"["generator", "encoders.style"]"#) == alone)
  }

  @Test("Norms of gradients that come one by one are those of all together")
  func norms() throws {
    // What is clipped is there all at once; nothing reaches this limit.
    let clip = #", "clip": { "of": ["discriminators", "generator"], "norm": 1e9 }"#
    let found = try ["", clip].map { clip in
      let run = try TinyRun(
        Self.experiment(
          losses: #"[{ "use": "essentials/hinge" }]"#,
          phases: """
            [
              { "updates": ["discriminators"], "optimizer": "d", "losses": "discriminator", "generation": "fresh"\(clip) },
              { "updates": ["generator"], "optimizer": "g", "losses": "generator", "generation": "fresh"\(clip) },
            ]
            """))
      return (norms: run.gradientNorms().compactMap(\.self), weights: run.weights)
    }
    #expect(found[0].norms.count == 2 && found[0].norms.allSatisfy { $0 > 0 })
    for (one, all) in zip(found[0].norms, found[1].norms) { #expect(abs(one - all) < 1e-6 * all) }
    #expect(found[0].weights == found[1].weights)
  }

  @Test("Discriminator and generator on batches of their own")
  func newBatches() throws {
    let calls = try TinyRun.calls(
      Self.experiment(
        discriminators: #"[{ "use": "tiny/discriminator", "with": { "isConditional": false } }]"#,
        losses: #"[{ "use": "essentials/hinge" }]"#,
        phases: """
          [
            { "updates": ["discriminators"], "optimizer": "d", "losses": "discriminator", "batch": "new", "generation": "fresh" },
            { "updates": ["generator"], "optimizer": "g", "losses": "generator", "batch": "new", "generation": "fresh" },
          ]
          """, steps: 2))
    #expect(calls.count == 10)
    let step = { (lines: ArraySlice<String>) in lines.map { String($0.prefix { $0 != "[" }) } }
    let expected = [
      "generator real ", "D features fake ", "D features real ", "generator real ",
      "D features fake ",
    ]
    #expect(step(calls[0..<5]) == expected && step(calls[5...]) == expected)
    // Fake and real images of one phase have the same tags, those of the next phase others.
    let tags = calls.map { String($0.drop { $0 != "[" }) }
    #expect(tags[0] == tags[1] && tags[1] == tags[2] && tags[3] == tags[4])
    #expect(Set([tags[0], tags[3], tags[5], tags[8]]).count == 4)
  }

  @Test("The generator and the encoder first; then everything is made anew, in one joint batch")
  func freshGeneration() throws {
    let run = try TinyRun(
      Self.experiment(
        encoders: #"{ "style": { "use": "tiny/encoder" } }"#,
        generations: #"{ "main": { "inputs": { "z": "encoders.style.z" } } }"#,
        discriminators: #"[{ "use": "tiny/discriminator", "with": { "isConditional": false } }]"#,
        losses: #"[{ "use": "essentials/hinge" }, { "use": "essentials/feature-matching" }]"#,
        phases: """
          [
            { "updates": ["generator", "encoders"], "optimizer": "g", "losses": "generator", "generation": "fresh", "pass": "joint" },
            { "updates": ["discriminators"], "optimizer": "d", "losses": "discriminator", "generation": "fresh", "pass": "joint" },
          ]
          """))
    let changed = run.step()
    #expect(
      CallLog.lines == [
        "encoder real [3, 5]", "generator real [3, 5]", "D features [3, 5, 3, 5]",
        "encoder real [3, 5]", "generator real [3, 5]", "D features [3, 5, 3, 5]",
      ])
    #expect(
      changed == [["encoders.style.weight", "generator.weight"], ["discriminators.0.trunk"]])
  }

  /// Two generations and a regression of z, with the weights of its three terms.
  private static func bicycle(
    gan: Float = 1, l1: Float = 1, regression: Float = 1000, step: String = "later"
  ) -> String {
    experiment(
      encoders: """
        {
          "style": { "use": "tiny/encoder" },
          "again": { "use": "tiny/encoder", "shares": "encoders.style", "inputs": { "image": "random.image" } },
        }
        """,
      generations: """
        {
          "encoded": { "inputs": { "z": "encoders.style.z" } },
          "random": { "inputs": { "z": "latent.z" } },
        }
        """,
      discriminators: """
        [
          { "use": "tiny/discriminator", "on": "encoded.image", "with": { "name": "D" } },
          { "use": "tiny/discriminator", "on": "random.image", "real": "other", "with": { "name": "D2" } },
        ]
        """,
      losses: """
        [
          { "use": "essentials/hinge", "name": "gan", "weight": \(gan) },
          { "use": "essentials/l1", "on": "encoded.image", "weight": \(l1) },
          { "use": "tiny/regression", "weight": \(regression), "inputs": { "estimate": "encoders.again.posterior", "z": "random.z" } },
        ]
        """,
      phases: """
        [
          { "updates": ["generator", "encoders.style"], "optimizer": "g", "losses": ["gan", "l1"], "generation": "fresh", "step": "\(step)" },
          { "updates": ["generator"], "optimizer": "g", "losses": ["regression"] },
          { "updates": ["discriminators.0"], "optimizer": "d", "losses": ["gan"], "side": "discriminator" },
          { "updates": ["discriminators.1"], "optimizer": "d2", "losses": ["gan"], "side": "discriminator" },
        ]
        """,
      optimizers: """
        { "g": { "use": "essentials/sgd" }, "d": { "use": "essentials/sgd" }, "d2": { "use": "essentials/sgd" } }
        """)
  }

  @Test("Two generations, one encoder twice, real images from another batch")
  func generations() throws {
    let run = try TinyRun(Self.bicycle())
    #expect(run.weights.keys.filter { $0.hasPrefix("encoders") } == ["encoders.style.weight"])
    let changed = run.step()
    #expect(
      changed == [
        [], ["encoders.style.weight", "generator.weight"],
        ["discriminators.0.head", "discriminators.0.trunk"],
        ["discriminators.1.head", "discriminators.1.trunk"],
      ])
    #expect(
      CallLog.lines == [
        "encoder real [3, 5]", "generator real [3, 5]",
        "D features fake [3, 5]", "D judge beside fake [3, 5]",
        "generator real [3, 5]",
        "D2 features fake [3, 5]", "D2 judge beside fake [3, 5]",
        "encoder fake [3, 5]",
        "D features fake [3, 5]", "D judge beside fake [3, 5]",
        "D features real [3, 5]", "D judge beside fake [3, 5]",
        "D2 features fake [3, 5]", "D2 judge beside fake [3, 5]",
        "D2 features real [7, 2]", "D2 judge beside fake [7, 2]",
      ])
  }

  @Test("Gradients that wait join those of the next phase in one step")
  func laterSteps() throws {
    let joint = try TinyRun(Self.bicycle())
    let before = joint.weights
    _ = joint.step()
    let first = try TinyRun(Self.bicycle(regression: 0, step: "now"))
    _ = first.step()
    let second = try TinyRun(Self.bicycle(gan: 0, l1: 0, step: "now"))
    _ = second.step()
    let change = { (run: TinyRun, path: String) in (run.weights[path] ?? 0) - (before[path] ?? 0) }
    for path in ["generator.weight", "encoders.style.weight"] {
      #expect(change(joint, path) != 0)
      #expect(abs(change(joint, path) - change(first, path) - change(second, path)) < 1e-6)
    }
    #expect(
      change(second, "encoders.style.weight") == 0, "the regression reaches the generator only")
    #expect(change(second, "generator.weight") != 0)
  }

  @Test("Two generations draw latents of their own, and losses see those they were made from")
  func separateDraws() throws {
    let run = try TinyRun(
      Self.experiment(
        generations: #"{ "first": {}, "second": {} }"#,
        discriminators: "[]",
        losses: """
          [{
            "use": "tiny/difference",
            "inputs": { "first": "first.z", "second": "second.z", "firstImage": "first.image", "secondImage": "second.image" },
          }]
          """,
        phases:
          #"[{ "updates": ["generator"], "optimizer": "g", "losses": "generator", "generation": "fresh" }]"#
      ))
    _ = run.step()
    #expect(CallLog.lines.suffix(2) == ["latents differ", "images are of these latents"])
  }

  @Test("A phase runs as often as it says; a clip bounds the norm of what it names")
  func everyAndClip() throws {
    let run = try TinyRun(
      Self.experiment(
        losses: #"[{ "use": "essentials/hinge" }]"#,
        phases: """
          [
            { "updates": ["discriminators"], "optimizer": "d", "losses": "discriminator", "generation": "fresh", "every": { "steps": 2 } },
            { "updates": ["generator", "discriminators"], "optimizer": "g", "losses": "generator", "clip": { "norm": 1e-3, "of": ["discriminators"] } },
          ]
          """,
        optimizers:
          #"{ "g": { "use": "essentials/sgd", "with": { "learningRate": 1 } }, "d": { "use": "essentials/sgd" } }"#
      ))
    var ran: [Int] = []
    for step in 0..<3 { ran.append(run.step(step).count) }
    #expect(ran == [2, 1, 2])
    let before = run.weights
    _ = run.step(3)
    let moved = ["discriminators.0.head", "discriminators.0.trunk"].map {
      (run.weights[$0] ?? 0) - (before[$0] ?? 0)
    }
    #expect(abs((moved[0] * moved[0] + moved[1] * moved[1]).squareRoot() - 1e-3) < 1e-6)
  }

  @Test(
    "A perceptor is frozen in the game and trains in its own stage, through a loss's slot as well")
  func perceptors() throws {
    let text = Self.experiment(
      discriminators: "[]",
      losses: #"[{ "use": "tiny/perceptual" }]"#,
      phases:
        #"[{ "updates": ["generator"], "optimizer": "g", "losses": "generator", "generation": "fresh" }]"#,
      more: """
        "perceptors": { "eye": { "use": "tiny/perceptor" } },
        "stages": [{
          "name": "eye", "losses": [{ "use": "tiny/perceptual", "with": { "isPlain": true } }],
          "optimizers": { "eye": { "use": "essentials/sgd" } },
          "procedure": { "phases": [{ "updates": ["perceptors.eye"], "optimizer": "eye", "losses": "generator" }] },
          "training": { "batchSize": 2, "for": { "steps": 1 } },
        }],
        """)
    let kinds = try TinyRun.calls(text).map { String($0.prefix { $0 != "[" }) }
    #expect(kinds == ["perceptor real ", "generator real ", "perceptor fake frozen "])
  }

  @Test("Encoders that exist only in training are not run when sampling; modes freeze the others")
  func samplingAndModes() throws {
    let text = Self.experiment(
      encoders: #"{ "style": { "use": "tiny/encoder" } }"#,
      generations: #"{ "main": { "inputs": { "z": "encoders.style.z" } } }"#,
      discriminators: "[]", losses: #"[{ "use": "essentials/l1" }]"#,
      phases: """
        [{
          "updates": ["generator"], "optimizer": "g", "losses": "generator", "generation": "fresh",
          "modes": { "encoders": "evaluation" },
        }]
        """)
    let run = try TinyRun(text)
    _ = run.step()
    #expect(CallLog.lines == ["encoder real frozen [3, 5]", "generator real [3, 5]"])
    CallLog.clear()
    let batch: Values = ["image": .zeros([2, 2, 2, 3]), "sentence": Tensor([3, 5], [2, 1])]
    let values = StepValues.sampling(run.networks, batch, number: 0, mode: .evaluation)
    let image = values.outputs(Address("main", "image"))["image"]
    #expect(image.shape == [2, 2, 2, 3])
    #expect(CallLog.lines == ["generator real frozen [3, 5]"])
  }

  @Test("A parameter that a later loss does not reach moves on with its moments; a restart ends it")
  func zeroGradients() throws {
    let run = try TinyRun(
      Self.experiment(
        losses: #"[{ "use": "essentials/hinge" }, { "use": "essentials/feature-matching" }]"#,
        phases: """
          [
            { "updates": ["discriminators"], "optimizer": "d", "losses": ["hinge"], "side": "discriminator", "generation": "fresh", "every": { "steps": 2 } },
            { "updates": ["discriminators"], "optimizer": "d", "losses": ["feature-matching"] },
          ]
          """,
        optimizers: """
          { "d": { "use": "essentials/sgd", "with": { "momentum": 0.5 }, "restart": { "steps": 3 } } }
          """))
    let both = ["discriminators.0.head", "discriminators.0.trunk"]
    #expect(run.step(0) == [both, both])
    #expect(run.step(1) == [both])
    #expect(run.step(3) == [["discriminators.0.trunk"]])
  }

  @Test("A phase may make one generation anew and use the other again")
  func partlyFresh() throws {
    let run = try TinyRun(
      Self.bicycle(step: "now").replacing(
        #""losses": ["regression"]"#,
        with: #""losses": ["regression"], "generation": { "random": "fresh", "encoded": "reuse" }"#)
    )
    _ = run.step()
    // Again the image of the random z and its encoding, before the discriminators learn.
    let made = CallLog.lines.filter { !$0.hasPrefix("D") }
    #expect(
      made == [
        "encoder real [3, 5]", "generator real [3, 5]", "generator real [3, 5]",
        "generator real [3, 5]", "encoder fake [3, 5]",
      ])
  }

  @Test("A phase that nothing it updates can help, or that updates nothing, is refused")
  func nothingToLearn() throws {
    let experiment = { (updates: String) in
      Self.experiment(
        losses: #"[{ "use": "essentials/l1" }]"#,
        phases: """
          [{ "name": "p", "updates": ["\(updates)"], "optimizer": "g", "losses": ["l1"], "generation": "fresh" }]
          """)
    }
    #expect(throws: TrainingError.self) { try TinyRun.calls(experiment("discriminators")) }
    let error = #expect(throws: Diagnostics.self) {
      try TinyRun.calls(experiment("generator.wieght"))
    }
    #expect(
      error?.faults.map(\.sentence) == [
        "procedure.phases[0]: the phase p names \"generator.wieght\", where there are no weights; "
          + "did you mean \"generator.weight\"?"
      ])
  }

  @Test("Gradients that wait at the end of a step are in the checkpoint")
  func keptGradientsAreSaved() throws {
    let text = Self.experiment(
      losses: #"[{ "use": "essentials/hinge" }]"#,
      phases: """
        [
          { "name": "gather", "updates": ["discriminators"], "optimizer": "d", "losses": "discriminator", "generation": "fresh", "step": "later" },
          { "name": "apply", "updates": ["discriminators"], "optimizer": "d", "losses": "discriminator", "every": { "steps": 2 } },
        ]
        """)
    let whole = try TinyRun(text)
    #expect(whole.step(0) == [[], ["discriminators.0.head", "discriminators.0.trunk"]])
    #expect(whole.step(1) == [[]])
    let state = TrainingState(
      networks: whole.networks, average: nil, optimizers: whole.runner.optimizers)
    let checkpoint = state.checkpoint(
      Checkpoint.Record(step: 2, images: 4, epoch: 0, seed: 1, experimentHash: ""))
    let resumed = try TinyRun(text)
    try TrainingState(
      networks: resumed.networks, average: nil, optimizers: resumed.runner.optimizers
    ).restore(checkpoint, from: "")
    _ = (whole.step(2), resumed.step(2))
    #expect(whole.weights == resumed.weights)
    let without = try TinyRun(text)
    without.networks.parameters.forEach { entry in
      if let value = checkpoint["networks"][entry.path] { entry.parameter.value = value }
    }
    _ = without.step(2)
    #expect(without.weights != whole.weights)
  }

  @Test("A shipped procedure serves an experiment without discriminators")
  func noDiscriminators() throws {
    let calls = try TinyRun.calls(
      Self.experiment(
        discriminators: "[]", losses: #"[{ "use": "essentials/l1" }]"#, phases: "[]",
        optimizers:
          #"{ "generator": { "use": "essentials/sgd" }, "discriminators": { "use": "essentials/sgd" } }"#
      ).replacing(
        #""procedure": { "phases": [] }"#, with: #""procedure": "essentials/discriminator-first""#))
    #expect(calls.count == 1)
  }
}
