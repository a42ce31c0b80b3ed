import PluginAPI
import Testing

@testable import Host

@Suite("The papers' experiments resolve") struct PaperExperimentTests {
  @Test("Each one resolves, and what it resolved to can be shown", arguments: PaperExperiment.names)
  func resolves(name: String) throws {
    #expect(try PaperExperiment.faults(name, setting: []) == [])
    #expect(!ResolutionTable(try PaperExperiment.resolved(name)).text.isEmpty)
  }

  @Test("Semantically multi-modal: a latent map of eight channels a class, from the image")
  func smis() throws {
    let resolution = try PaperExperiment.resolved("smis")
    #expect(
      resolution.generationBinding("main", "z")
        == "encoders.style.z latent(channels: 64, groups: 8, side: 4)")
    #expect(
      resolution.binding("losses.3", "posterior")
        == "encoders.style.posterior posterior(channels: 64, groups: 8, side: 4)")
    #expect(resolution.parts["losses.1"]?.judged.keys.sorted() == ["discriminators.0"])
    let phases = resolution.experiment.procedure.phases
    #expect(phases.map(\.updates) == [["generator", "encoders"], ["discriminators"]])
    #expect(phases.map(\.generation) == [.fresh, .fresh])
    #expect(phases.map(\.batch) == [.same, .same])
    #expect(phases.map(\.pass) == [.joint, .joint])
  }

  @Test("The same on images twice as wide as high, with edges where they are asked for")
  func smisOnStreets() throws {
    let resolution = try PaperExperiment.resolved(
      "smis",
      setting: [
        "dataset.use=label-maps/cityscapes", "generator.with={edges: true}",
        "discriminators.0.with={edges: true}",
      ])
    #expect(
      resolution.generationBinding("main", "z")
        == "encoders.style.z latent(channels: 280, groups: 35, height: 4, width: 8)")
    #expect(
      resolution.binding("discriminators.0", "edges")
        == "dataset.edges edges(height: 256, width: 512)")
    #expect(resolution.parts["generator"]?.bindings["edges"] != nil)
  }

  @Test("Noise in place of the style encoder takes the size the generator asks for")
  func smisFromNoise() throws {
    let resolution = try PaperExperiment.resolved(
      "smis",
      setting: [
        "encoders={}", "latent={use: \"essentials/normal\"}",
        "losses=[{use: \"essentials/hinge\"}]",
        "procedure.phases.0.updates=[\"generator\"]",
      ])
    #expect(
      resolution.parts["latent"]?.provided.map(\.description) == [
        "latent(channels: 64, groups: 8, side: 4)"
      ])
  }

  @Test("Semantic guidance: a verdict a class and one of the whole, on a backbone in a slot")
  func semanticCGAN() throws {
    let resolution = try PaperExperiment.resolved("semantic-cgan")
    let guided = try #require(resolution.parts["discriminators.0"])
    #expect(guided.provided.first { $0.name == "logits" }?["channels"] == 13)
    #expect(
      resolution.binding("discriminators.0", "condition")
        == "dataset.labels via essentials/one-hot classPlanes(classes: 12, side: 256)")
    #expect(
      resolution.binding("losses.0", "labels") == "dataset.labels labelMap(classes: 12, side: 256)")
    #expect(
      resolution.binding("stages.0.losses.0", "segmentation")
        == "perceptors.segmenter.segmentation segmentation(classes: 12, side: 256)")
    #expect(
      resolution.catalog.sharedParts(
        try #require(resolution.parts["losses.1"]).component,
        try #require(resolution.parts["losses.1"]).settings) == ["perceptors.segmenter"])
    #expect(resolution.experiment.stages.map(\.name) == ["segmenter"])
    let phases = resolution.experiment.procedure.phases
    #expect(phases.map(\.name) == ["discriminator", "generator"])
    #expect(phases.map(\.generation) == [.fresh, .reuse])
    #expect(resolution.experiment.procedure.imagesServe(after: 0))
  }

  @Test("The guided head on another paper's backbone")
  func guidedOnAnotherBackbone() throws {
    let resolution = try PaperExperiment.resolved(
      "semantic-cgan", setting: ["discriminators.0.with.backbone={use: \"slnp/discriminator\"}"])
    let bindings = try #require(resolution.parts["discriminators.0"]).bindings
    #expect(bindings.keys.sorted() == ["image", "labels"])
  }

  @Test("A discriminator's segmentation serves both sides; guidance joins in the second stage")
  func semDisc() throws {
    let resolution = try PaperExperiment.resolved("sem-disc")
    let judged = { (path: String, port: String) in
      resolution.parts[path]?.judged["discriminators.0"]?[port].map(Resolution.words)
    }
    #expect(
      judged("losses.3", "segmentation")
        == "discriminators.0.segmentation(real) segmentation(classes: 35, height: 256, width: 512, role: real)"
    )
    #expect(
      judged("losses.6", "reconstruction")
        == "discriminators.0.reconstruction(fake) image(channels: 3, height: 256, width: 512, role: fake)"
    )
    #expect(resolution.experiment.stages[0].losses.count == 5)
    #expect(resolution.experiment.losses.count == 7)
  }

  @Test("Deformable: source and target by role, poses of key points, a batch for each player")
  func deformable() throws {
    let resolution = try PaperExperiment.resolved("deformable")
    let pose = "poseMaps(classes: 18, height: 128, width: 64"
    #expect(
      resolution.generationBinding("main", "sourcePose")
        == "dataset.sourceKeypoints via deformable-gan/pose-maps \(pose), role: source)")
    #expect(
      resolution.binding("discriminators.0", "targetPose")
        == "dataset.keypoints via deformable-gan/pose-maps \(pose), role: target)")
    #expect(
      resolution.realImage("discriminators.0")
        == "dataset.image image(channels: 3, height: 128, width: 64, role: target)")
    #expect(
      resolution.binding("losses.1", "target")
        == "dataset.image image(channels: 3, height: 128, width: 64, role: target)")
    #expect(resolution.experiment.procedure.phases.map(\.batch) == [.new, .new])
    #expect(!resolution.experiment.procedure.imagesServe(after: 0))
  }

  @Test("Two stages of resolution: labels and real images at both sides, noise through a network")
  func slnp() throws {
    let resolution = try PaperExperiment.resolved("slnp")
    #expect(
      resolution.generationBinding("main", "coarseLabels")
        == "dataset.labels via essentials/resize-labels labelMap(classes: 183, side: 128)")
    #expect(
      resolution.generationBinding("main", "labels")
        == "dataset.labels labelMap(classes: 183, side: 256)")
    #expect(resolution.generationBinding("main", "z") == "latent.z latent(size: 128)")
    #expect(
      resolution.binding("discriminators.0", "labels")
        == "dataset.labels via essentials/resize-labels labelMap(classes: 183, side: 128)")
    #expect(
      resolution.realImage("discriminators.0")
        == "dataset.image via essentials/resize-image image(channels: 3, side: 128, role: target)")
    #expect(
      resolution.binding("perceptors.vae", "image")
        == "dataset.image via essentials/resize-image image(channels: 3, side: 64, role: target)")
    // The autoencoder stands before the latent that looks through it.
    let order = resolution.order
    let places = ["perceptors.vae", "latent"].map { order.firstIndex(of: $0) }
    #expect(try #require(places[0]) < (try #require(places[1])))
    let phases = resolution.experiment.procedure.phases
    #expect(
      phases.map(\.updates) == [["discriminators.0"], ["discriminators.1"], ["generator"]])
    #expect(Set(phases.prefix(2).map(\.optimizer)) == ["discriminators"])
    #expect(resolution.experiment.stages.map(\.name) == ["noise-prior", "coarse"])
    #expect(
      resolution.parts["stages.1.losses.1"]?.judged.keys.sorted()
        == ["discriminators.0", "discriminators.1"].filter { $0 == "discriminators.0" })
  }

  @Test("One-way text to image: the sentence enters the head only; the penalty has its own phase")
  func ssaGAN() throws {
    let resolution = try PaperExperiment.resolved("ssa-gan")
    let sentence = try #require(resolution.parts["discriminators.0"]?.bindings["sentence"])
    #expect(sentence.port.stage == .judgement)
    #expect(Resolution.words(sentence) == "encoders.text.sentence sentence(size: 256)")
    #expect(resolution.generationBinding("main", "z") == "latent.z latent(size: 100)")
    let game = try #require(
      resolution.parts["losses.0"]?.component.type as? any AdversarialLoss.Type)
    #expect(game.discriminatorJudgements == [.real, .fake, .mismatched])
    #expect(game.generatorJudgements == [.fake])
    let procedure = resolution.experiment.procedure
    #expect(procedure.phases.map(\.optimizer) == ["discriminators", "discriminators", "generator"])
    #expect(procedure.phases.map(\.generation) == [.fresh, .reuse, .reuse])
    #expect(procedure.imagesServe(after: 0) && procedure.imagesServe(after: 1))
    #expect(
      procedure.phases.allSatisfy { $0.modes == ["encoders.text": .evaluation] })
  }

  @Test("An encoder of words alone serves those that want a sentence")
  func sentenceOfWords() throws {
    let resolution = try PaperExperiment.resolved(
      "ssa-gan", setting: ["encoders.text.with={hasSentence: false}"])
    for path in ["generator", "discriminators.0", "losses.2"] {
      #expect(
        resolution.binding(path, "sentence")
          == "encoders.text.words via essentials/sentence-of-words sentence(size: 256)")
    }
  }

  @Test("Attributes as a caption, three sides, six discriminators of whole and foreground")
  func fineGrainedAttributes() throws {
    let resolution = try PaperExperiment.resolved("fine-grained-attributes")
    #expect(
      resolution.binding("encoders.attributes", "caption")
        == "dataset.attributeList via essentials/attributes-as-caption caption(maxLength: 50, vocabulary: 313)"
    )
    #expect(resolution.generationBinding("main", "mask") == "dataset.mask mask(side: 256)")
    for (index, side) in [64, 128, 256, 64, 128, 256].enumerated() {
      let path = "discriminators.\(index)"
      #expect(resolution.judgedImages[path]?.fake.description == "main.image\(side)")
      #expect(resolution.judgedImages[path]?.real.port["height"] == side)
      #expect((resolution.parts[path]?.bindings["sentence"] != nil) == (index < 3))
      let mask = resolution.binding("\(path).view", "mask")
      let resized = side == 256 ? "" : " via essentials/resize-labels"
      #expect(mask == (index < 3 ? nil : "dataset.mask\(resized) mask(side: \(side))"))
    }
    #expect(resolution.binding("losses.2", "image")?.hasPrefix("main.image256 ") == true)
    #expect(resolution.binding("stages.0.losses.0", "image")?.hasPrefix("dataset.image ") == true)
    #expect(resolution.binding("losses.3", "posterior") == "main.posterior posterior(size: 100)")
    let phases = resolution.experiment.procedure.phases
    #expect(Set(phases.map(\.optimizer)).count == 7)
    #expect(phases.map(\.updates) == (0..<6).map { ["discriminators.\($0)"] } + [["generator"]])
    #expect(resolution.experiment.training.average == .decay(0.999))
    let stage = resolution.experiment.stages[0]
    #expect(
      stage.procedure.phases[0].clip == Phase.Clip(norm: 0.25, of: ["encoders.attributes"]))
    #expect(stage.optimizers[0].restart == .epochs(1))
  }

  @Test("Both ways round: two generations, an encoder applied twice, real images of other samples")
  func bicycleGAN() throws {
    let resolution = try PaperExperiment.resolved("bicyclegan")
    #expect(resolution.generationBinding("encoded", "z") == "encoders.style.z latent(size: 8)")
    #expect(resolution.generationBinding("random", "z") == "latent.z latent(size: 8)")
    #expect(
      resolution.binding("encoders.again", "image")
        == "random.image image(channels: 3, side: 256, role: generated)")
    #expect(resolution.parts["encoders.again"]?.part.shares == "encoders.style")
    #expect(
      resolution.binding("losses.3", "estimate")
        == "encoders.again.posterior posterior(size: 8)")
    #expect(resolution.binding("losses.3", "z") == "random.z latent(size: 8)")
    #expect(resolution.binding("losses.1", "generated")?.hasPrefix("encoded.image ") == true)
    #expect(resolution.experiment.discriminators.map(\.real) == [.same, .other])
    let phases = resolution.experiment.procedure.phases
    #expect(phases.map(\.step) == [.later, .now, .now, .now])
    #expect(
      phases.map(\.updates)
        == [
          ["generator", "encoders.style"], ["generator"], ["discriminators.0"],
          ["discriminators.1"],
        ]
    )
    #expect(phases.map(\.losses.side) == [.generator, .generator, .discriminator, .discriminator])
  }

  @Test("Diversity: two generations of one condition, each with a z of its own")
  func dscGAN() throws {
    let resolution = try PaperExperiment.resolved("dscgan")
    for (port, source) in [
      ("first", "first.image"), ("second", "second.image"), ("firstZ", "first.z"),
      ("secondZ", "second.z"),
    ] {
      #expect(resolution.parts["losses.2"]?.bindings[port]?.source.description == source)
    }
    #expect(resolution.binding("discriminators.0", "condition")?.contains("one-hot") == true)
  }

  @Test("Parts of five papers together: each learns the others' sizes")
  func mixed() throws {
    let resolution = try PaperExperiment.resolved("mixed")
    #expect(
      resolution.binding("discriminators.0", "sentence")
        == "encoders.text.sentence sentence(size: 128)")
    #expect(
      resolution.binding("discriminators.1", "image")
        == "main.image256 image(channels: 3, side: 128)")
    #expect(
      resolution.parts["discriminators.2"]?.provided.map(\.name)
        == ["unconditional", "conditional"])
    #expect(
      resolution.experiment.losses[2].weight == .ramp(from: 0, to: 2, over: .images(20_000)))
  }

  @Test(
    "Sampling runs no encoder that looks at the real image, unless it has to",
    arguments: [
      ("smis", ["dataset"]), ("bicyclegan", ["dataset", "latent"]),
      ("ssa-gan", ["dataset", "encoders.text", "latent"]),
      ("slnp", ["dataset", "latent"]), ("deformable", ["dataset"]),
    ])
  func sampling(name: String, expected: [String]) throws {
    let resolution = try PaperExperiment.resolved(name)
    var reached: Set<String> = []
    var next = resolution.generations.values.flatMap { $0.values.map(\.source.node) }
    while let node = next.popLast() {
      guard reached.insert(node).inserted, let part = resolution.parts[node] else { continue }
      let stands = try part.component.samplingSources(part.settings)
      if stands.isEmpty { next += part.bindings.values.map(\.source.node) }
    }
    let replaced = try reached.filter { node in
      guard let part = resolution.parts[node] else { return false }
      return try !part.component.samplingSources(part.settings).isEmpty
    }
    #expect(reached.subtracting(replaced).sorted() == expected)
  }

  @Test(
    "A view that changes no size, or leaves places as they are, goes with losses that read labels",
    arguments: [
      ("semantic-cgan", ["discriminators.0.view={use: \"essentials/pyramid\"}"]),
      ("semantic-cgan", ["discriminators.0.view={use: \"essentials/whole\"}"]),
      (
        "sem-disc",
        ["discriminators.0.view={use: \"essentials/pyramid\", with: {scales: 1}}"]
      ),
      // Of one verdict a position; the loss weighs none of them.
      (
        "semantic-cgan",
        [
          "discriminators=[{use: \"semantic-cgan/guided\"}, "
            + "{use: \"semantic-cgan/patchgan\", view: {use: \"essentials/quadrants\"}}]"
        ]
      ),
      // Features are set beside features.
      ("smis", ["discriminators.0.view={use: \"essentials/quadrants\"}"]),
    ])
  func views(name: String, changes: [String]) throws {
    #expect(try PaperExperiment.faults(name, setting: changes) == [])
  }
}
