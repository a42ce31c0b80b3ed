import PluginAPI
import TestSupport
import Testing

@testable import SMISNetworks

@Suite("Networks of GroupDNet and its rivals against PyTorch")
struct NetworkTests {
  /// A decoder's case: component, settings, classes, and the latent it takes.
  struct DecoderCase: Sendable, CustomTestStringConvertible {
    var name: String
    var component = "groupdnet"
    var classes: Int
    var settings: [String: Setting]
    var z: [Int]?

    var testDescription: String { name }
    /// Doubled from 1×2.
    var size: Size2 {
      let depths: [Setting: Int] = ["more": 6, "most": 7]
      let height = 1 << (settings["upsampling"].flatMap { depths[$0] } ?? 5)
      return Size2(height, 2 * height)
    }
  }

  private static let cityscapes: [String: Setting] = [
    "variant": "cityscapes", "edges": true, "width": 2, "groups": [2, 2, 2, 1, 1, 1, 1],
  ]

  private static let printed: [String: Setting] = [
    "activation": "relu", "modulation": "plain", "spectral": "all",
  ]

  private static let decoders = [
    DecoderCase(name: "decoder.deepfashion", classes: 4, settings: [:], z: [2, 1, 2, 32]),
    DecoderCase(
      name: "decoder.cityscapes", classes: 2, settings: cityscapes, z: [2, 1, 2, 16]),
    DecoderCase(
      name: "decoder.ade20k", classes: 3, settings: ["variant": "ade20k"], z: [2, 1, 2, 24]),
    DecoderCase(
      name: "decoder.deepfashion.more", classes: 4, settings: ["upsampling": "more"],
      z: [2, 1, 2, 32]),
    DecoderCase(
      name: "decoder.cityscapes.more", classes: 2,
      settings: cityscapes.merging(["upsampling": "more"]) { $1 }, z: [2, 1, 2, 16]),
    DecoderCase(
      name: "decoder.ade20k.more", classes: 3,
      settings: ["variant": "ade20k", "upsampling": "more"], z: [2, 1, 2, 24]),
    DecoderCase(
      name: "decoder.deepfashion.most", classes: 2, settings: ["upsampling": "most", "width": 2],
      z: [2, 1, 2, 16]),
    DecoderCase(
      name: "decoder.group", classes: 2,
      settings: ["norm": "group", "groups": [2, 2, 2, 2, 1, 1, 1]], z: [2, 1, 2, 16]),
    DecoderCase(name: "decoder.none", classes: 2, settings: ["norm": "none"], z: [2, 1, 2, 16]),
    DecoderCase(
      name: "decoder.relu", classes: 2, settings: ["activation": "relu"], z: [2, 1, 2, 16]),
    DecoderCase(name: "decoder.printed", classes: 2, settings: printed, z: [2, 1, 2, 16]),
    DecoderCase(
      name: "spade.printed", component: "spade", classes: 3,
      settings: printed.merging(["edges": true]) { $1 }, z: [2, 5]),
    DecoderCase(name: "decoder.codes", classes: 2, settings: ["start": "codes"], z: [2, 16]),
    DecoderCase(
      name: "spade.vector", component: "spade", classes: 3, settings: ["edges": true], z: [2, 5]),
    DecoderCase(
      name: "spade.labels", component: "spade", classes: 3, settings: ["start": "labels"]),
    DecoderCase(
      name: "spade.map.more", component: "spade", classes: 3,
      settings: ["start": "map", "upsampling": "more"], z: [2, 1, 2, 24]),
    DecoderCase(
      name: "groupdec.more", classes: 2,
      settings: ["start": "vector", "upsampling": "more", "groups": [2, 2, 2, 2, 2, 2, 2]],
      z: [2, 5]),
  ]

  @Test("Decoders: outputs, statistics, power iterations, every gradient", arguments: decoders)
  func decoder(_ item: DecoderCase) throws {
    let (name, height, width) = (item.name, item.size.height, item.size.width)
    var bound = [
      Port.map("labels", .labelMap, classes: item.classes, height: height, width: width),
      Port.map("edges", .edges, height: height, width: width),
    ]
    if let z = item.z {
      bound.append(
        z.count == 2
          ? .latent("z", size: z[1])
          : .latentMap("z", height: z[1], width: z[2], channels: z[3]))
    }
    let generator = try PluginUnderTest("SMIS").build(
      item.component, .object(item.settings.merging(["width": 1, "hidden": 4]) { own, _ in own }),
      bound: bound, image: .image("image", height: height, width: width),
      as: (any Generator & Importable).self)
    let labels = HashedNumbers.labels("\(name)/labels", 2, height, width, classes: item.classes)
    let edges = HashedNumbers.labels(
      "\(name)/labels.edges", 2, height, width, classes: 2, block: 2)
    try compare(
      name, generator, inputs: item.z.map { [HashedNumbers.tensor("\(name)/z", $0)] } ?? []
    ) { inputs, context in
      var values: Values = ["labels": labels, "edges": edges.expandedDims(3)]
      values["z"] = inputs.first ?? Tensor(0)
      return [generator(values, in: context)["image"]]
    }
  }

  @Test("A decoder a class, and the three convolutions that fuse them")
  func mulnet() throws {
    let generator = try PluginUnderTest("SMIS").build(
      "mulnet", ["width": 1, "hidden": 4, "fusion": 5, "upsampling": "more"],
      bound: [
        .map("labels", .labelMap, classes: 3, height: 64, width: 128),
        .latentMap("z", height: 1, width: 2, channels: 24),
      ], image: .image("image", height: 64, width: 128), as: (any Generator).self)
    let labels = HashedNumbers.labels("mulnet/labels", 2, 64, 128, classes: 3)
    func compared(_ network: some Generator) throws {
      try RecordedCase(file: .load("smis"), name: "mulnet").compare(
        network, names: mulnetNames(), inputs: [HashedNumbers.tensor("mulnet/z", [2, 1, 2, 24])]
      ) { inputs, context in
        [network(["labels": labels, "z": inputs[0]], in: context)["image"]]
      }
    }
    try compared(generator)
  }

  /// Those of each class's decoder below its number, and of the three convolutions.
  private func mulnetNames() throws -> [String: String] {
    let mask = SemanticMap(classes: 1, hasEdges: false, isInterleaved: false)
    let norms = CGNorm(.deepfashion, map: mask, hidden: 2, norm: .batch)
    let decoder = try Decoder(
      DecoderShape(width: 1, groups: Array(repeating: 1, count: 7), norms: norms), norms: norms,
      start: .map, latentChannels: 8, latentSize: Size2(1, 2), upsampling: .more,
      imageChannels: nil)
    var names: [String: String] = [:]
    for index in 0..<3 {
      let path = "decoders.\(index)"
      names.merge(decoder.publishedNames(at: path).mapValues { "\(path).\($0)" }) { $1 }
      for weight in ["weight", "bias"] {
        names["fusion.\(index).\(weight)"] = "fusion.\(index).\(weight)"
      }
    }
    return names
  }

  private func compare(
    _ name: String, _ network: any Importable, inputs: [Tensor],
    _ call: ([Tensor], CallContext) -> [Tensor]
  ) throws {
    func opened(_ network: some Importable) throws {
      try RecordedCase(file: .load("smis"), name: name)
        .compare(network, names: network.publishedNames, inputs: inputs, call)
    }
    try opened(network)
  }

  @Test(
    "Encoders of one image a class: crop, plain, whole; maps and vectors",
    arguments: [
      ("encoder.crop", [:]), ("encoder.plain", ["bboxCrop": false]),
      ("encoder.whole", ["split": false]), ("encoder.pooled", ["code": "vector"]),
      ("encoder.group", ["norm": "group"]), ("encoder.all", ["spectral": "all"]),
    ] as [(String, [String: Setting])])
  func classSplit(_ name: String, _ settings: [String: Setting]) throws {
    let encoder = try PluginUnderTest("SMIS").build(
      "class-split", .object(settings.merging(["width": 2, "halvings": 4]) { $1 }),
      bound: [
        .image("image", height: 32, width: 48),
        .map("labels", .labelMap, classes: 4, height: 32, width: 48),
      ], image: .image("image", height: 32, width: 48), as: (any Encoder & Importable).self)
    let labels = labelsWithoutOne()
    try compare(name, encoder, inputs: [HashedNumbers.tensor("encoder/image", [2, 32, 48, 3])]) {
      inputs, context in
      let values = encoder(["image": inputs[0], "labels": labels], in: context)
      return [values["posterior.mean"], values["posterior.logVariance"]]
    }
  }

  /// Class 3 does not occur in the first sample.
  private func labelsWithoutOne() -> Tensor {
    let drawn = HashedNumbers.labels("encoder/labels", 2, 32, 48, classes: 4).scalars()
    let values = drawn.enumerated().map { $0 < 32 * 48 && $1 == 3 ? 1 : $1 }
    return Tensor(values, [2, 32, 48])
  }

  @Test("The code of an absent class is the bias")
  func absentClass() throws {
    let encoder = try PluginUnderTest("SMIS").build(
      "class-split", ["width": 2, "halvings": 4],
      bound: [
        .image("image", height: 32, width: 48),
        .map("labels", .labelMap, classes: 4, height: 32, width: 48),
      ], image: .image("image", height: 32, width: 48), as: (any Encoder & Importable).self)
    encoder.initialize(seed: 1, prefix: "")
    let biases = encoder.namedParameters.filter { $0.path.hasSuffix("mean.bias") }
    for (path, parameter) in biases {
      parameter.value = HashedNumbers.tensor(path, parameter.shape)
    }
    let context = CallContext(
      training: true, updatesBuffers: true, seed: 1, stream: "e", step: 0)
    let values = encoder(
      [
        "image": HashedNumbers.tensor("encoder/image", [2, 32, 48, 3]),
        "labels": labelsWithoutOne(),
      ], in: context)
    let code = values["posterior.mean"].sliced(axis: 0, from: 0, to: 1)
      .sliced(axis: 3, from: 24, to: 32)  // [1, 2, 3, 8]
    let bias = try #require(biases.first).parameter.value.sliced(axis: 0, from: 24, to: 32)
    #expect((code - bias).abs().max().item() == 0)
  }

  @Test("The encoder of the whole image")
  func imageEncoder() throws {
    let encoder = try PluginUnderTest("SMIS").build(
      "image-encoder", ["width": 2, "codeSize": 6, "side": 64],
      bound: [.image("image", height: 32, width: 48)],
      image: .image("image", height: 32, width: 48), as: (any Encoder & Importable).self)
    try compare(
      "image-encoder", encoder, inputs: [HashedNumbers.tensor("encoder/image", [2, 32, 48, 3])]
    ) { inputs, context in
      let values = encoder(["image": inputs[0]], in: context)
      return [values["posterior.mean"], values["posterior.logVariance"]]
    }
  }

  @Test(
    "The discriminator of two scales, with edges, and with spectral norms and verdicts all over",
    arguments: [
      ("discriminator", [:]), ("discriminator.edges", ["edges": true]),
      ("discriminator.all", ["spectral": "all", "verdicts": 4]),
    ] as [(String, [String: Setting])])
  func discriminator(name: String, settings: [String: Setting]) throws {
    let discriminator = try PluginUnderTest("SMIS").build(
      "multiscale", .object(settings.merging(["width": 2]) { $1 }),
      bound: [
        .image("image", height: 20, width: 28),
        .map("labels", .labelMap, classes: 3, height: 20, width: 28),
      ], as: (any Discriminator & Importable).self)
    let labels = HashedNumbers.labels("\(name)/labels", 2, 20, 28, classes: 3)
    let lines = HashedNumbers.labels("\(name)/labels.edges", 2, 20, 28, classes: 2, block: 2)
    try compare(
      name, discriminator, inputs: [HashedNumbers.tensor("\(name)/x", [2, 20, 28, 3])]
    ) { inputs, context in
      let values = discriminator(
        ["image": inputs[0], "labels": labels, "edges": lines.expandedDims(3)], in: context)
      return zip(values.scales("features"), values.list("logits")).flatMap { $0 + [$1] }
    }
  }
}
