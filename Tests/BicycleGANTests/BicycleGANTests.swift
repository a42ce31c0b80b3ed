import PluginAPI
import TestSupport
import Testing

@Suite("BicycleGAN and DSCGAN against PyTorch")
struct BicycleGANTests {
  private func compare(
    _ name: String, _ network: some Module, names: [String: String] = [:], inputs: [Tensor],
    _ call: ([Tensor], CallContext) -> [Tensor]
  ) throws {
    try RecordedCase(file: .load("bicyclegan"), name: name)
      .compare(network, names: names, inputs: inputs, call)
  }

  @Test("The generator that takes z at every level")
  func generator() throws {
    let generator = try PluginUnderTest("BicycleGAN").build(
      "unet", ["width": 2, "dropout": 0],
      bound: [
        .map("condition", .classPlanes, classes: 3, height: 32, width: 64),
        .latent("z", size: 4),
      ], image: .image("image", height: 32, width: 64), as: (any Generator & Importable).self)
    func compared(_ network: some Generator & Importable) throws {
      let labels = HashedNumbers.labels("unet/labels", 2, 32, 64, classes: 3)
      try compare(
        "unet", network, names: network.publishedNames,
        inputs: [HashedNumbers.tensor("unet/z", [2, 4])]
      ) { inputs, context in
        [network(["condition": labels.oneHot(classes: 3), "z": inputs[0]], in: context)["image"]]
      }
    }
    try compared(generator)
  }

  @Test("The encoder of pooled residual blocks")
  func encoder() throws {
    let encoder = try PluginUnderTest("BicycleGAN").build(
      "resnet", ["width": 3, "latentSize": 4], bound: [.image("image", side: 128)],
      as: (any Encoder & Importable).self)
    func compared(_ network: some Encoder & Importable) throws {
      try compare(
        "resnet", network, names: network.publishedNames,
        inputs: [HashedNumbers.tensor("resnet/image", [2, 128, 128, 3])]
      ) { inputs, context in
        let values = network(["image": inputs[0]], in: context)
        return [values["posterior.mean"], values["posterior.logVariance"]]
      }
    }
    try compared(encoder)
  }

  @Test(
    "The discriminator of two scales, alone, beside a condition and with several verdicts",
    arguments: [
      ("multiscale", [:]), ("multiscale.conditional", ["isConditional": true]),
      ("multiscale.verdicts", ["verdicts": 4]),
    ] as [(String, [String: Setting])])
  func discriminator(name: String, settings: [String: Setting]) throws {
    let discriminator = try PluginUnderTest("BicycleGAN").build(
      "multiscale", .object(settings.merging(["width": 4]) { $1 }),
      bound: [
        .image("image", height: 48, width: 56),
        .map("condition", .classPlanes, classes: 3, height: 48, width: 56),
      ], as: (any Discriminator & Importable).self)
    func compared(_ network: some Discriminator & Importable) throws {
      let labels = HashedNumbers.labels("\(name)/labels", 2, 48, 56, classes: 3)
      try compare(
        name, network, names: network.publishedNames,
        inputs: [HashedNumbers.tensor("\(name)/image", [2, 48, 56, 3])]
      ) { inputs, context in
        let values: Values = ["image": inputs[0], "condition": labels.oneHot(classes: 3)]
        return network(values, in: context).list("logits")
      }
    }
    try compared(discriminator)
  }

  @Test(
    "The diversity term, without a bound, with the paper's and with the code's",
    arguments: [
      ("diversity", [:]), ("diversity.bound", ["bound": 0.9, "clips": "ratio"]),
      ("diversity.loss.-0.5", ["bound": -0.5]), ("diversity.loss.-2.0", ["bound": -2]),
      ("diversity.loss.5.0", ["bound": 5]),
    ] as [(String, Setting)])
  func diversity(name: String, settings: Setting) throws {
    let loss = try PluginUnderTest("BicycleGAN").build("diversity", settings, as: (any Loss).self)
    try compare(
      name, Identity(), inputs: [HashedNumbers.tensor("diversity/first", [3, 4, 4, 3])]
    ) { inputs, context in
      let values: Values = [
        "first": inputs[0], "second": HashedNumbers.tensor("diversity/second", [3, 4, 4, 3]),
        "firstZ": HashedNumbers.tensor("diversity/z1", [3, 4]),
        "secondZ": HashedNumbers.tensor("diversity/z2", [3, 4]),
      ]
      return [loss(values, in: context).reshaped([1])]
    }
  }

  @Test("A bound that holds nothing down is noted, one below every ratio is refused")
  func bounds() throws {
    let plugin = try PluginUnderTest("BicycleGAN")
    let diversity = try #require(plugin.description.components.first { $0.name == "diversity" })
    #expect(try diversity.remarks(["bound": 1]).count == 1)
    #expect(try diversity.remarks(["bound": 1, "clips": "ratio"]).isEmpty)
    #expect(try diversity.remarks(["bound": -1]).isEmpty)
    #expect(throws: HyperparameterErrors.self) {
      try plugin.build("diversity", ["bound": -1, "clips": "ratio"], as: (any Loss).self)
    }
  }

  @Test("The regression of z")
  func latentDistance() throws {
    let loss = try PluginUnderTest("BicycleGAN").build("latent-l1", as: (any Loss).self)
    try compare(
      "latent-l1", Identity(), inputs: [HashedNumbers.tensor("diversity/z1", [3, 4])]
    ) { inputs, context in
      let values: Values = [
        "estimate.mean": inputs[0], "z": HashedNumbers.tensor("diversity/z2", [3, 4]),
      ]
      return [loss(values, in: context).reshaped([1])]
    }
  }

  @Test("Full sizes, every weight with a published name, and sides that can't work")
  func sizes() throws {
    let plugin = try PluginUnderTest("BicycleGAN")
    let image = Port.image("image", side: 256)
    let planes = Port.classPlanes("condition", classes: 8, side: 256)
    let generator = try plugin.build(
      "unet", bound: [planes, .latent("z", size: 8)], image: image,
      as: (any Generator & Importable).self)
    let encoder = try plugin.build("resnet", bound: [image], as: (any Encoder & Importable).self)
    let discriminator = try plugin.build(
      "multiscale", bound: [image], as: (any Discriminator & Importable).self)
    #expect(generator.parameterCount == 54_799_747)
    #expect(encoder.parameterCount == 2_590_032)
    #expect(discriminator.parameterCount == 3_458_978)
    for network in [generator as any Importable, encoder, discriminator] {
      #expect(Set(network.publishedNames.keys) == Set(network.namedParameters.map(\.path)))
    }
    #expect(generator.publishedNames["levels.1.down.weight"] == "model.submodule.down.1.weight")
    let error = #expect(throws: ConfigurationError.self) {
      try plugin.build(
        "unet", ["levels": 7],
        bound: [.classPlanes("condition", classes: 8, side: 64), .latent("z", size: 8)],
        image: .image("image", side: 64), as: (any Generator).self)
    }
    #expect(error?.message.contains("can be halved 6 times, the generator needs 7") == true)
  }
}
