import PluginAPI
import TestSupport
import Testing

@testable import Host
@testable import SMISNetworks

@Suite("Sizes of GroupDNet and its rivals")
struct SizeTests {
  /// Nothing is allocated to count weights.
  @Test(
    "The published networks have the published numbers of parameters and tensors",
    arguments: [
      Published(
        classes: 8, size: Size2(256), settings: [:], encoderWidth: 32,
        counts: (96_324_451, 12_835_712, 5_544_066)),
      Published(
        classes: 35, size: Size2(256, 512),
        settings: ["variant": "cityscapes", "width": 280, "edges": true], encoderWidth: 10,
        counts: (76_501_358, 5_768_210, 5_601_410)),
      Published(
        classes: 151, size: Size2(256), settings: ["variant": "ade20k", "width": 64],
        encoderWidth: 4, counts: (68_326_847, 4_411_012, 5_836_930)),
    ])
  func published(_ item: Published) throws {
    let networks = try item.networks()
    #expect(networks.generator.parameterCount == item.counts.generator)
    #expect(networks.encoder.parameterCount == item.counts.encoder)
    #expect(networks.discriminator.parameterCount == item.counts.discriminator)
    // Files count batches too, once for each batch norm.
    #expect(written(networks.generator) == (item.settings["variant"] == "ade20k" ? 284 : 234))
    #expect(written(networks.encoder) == 22)
    #expect(written(networks.discriminator) == 26)
    for network in [networks.generator as any Importable, networks.encoder, networks.discriminator]
    {
      #expect(
        Set(network.publishedNames.keys)
          == Set(network.namedParameters.map(\.path) + network.namedBuffers.map(\.path)))
      #expect(Set(network.publishedNames.values).count == network.publishedNames.count)
    }
  }

  /// The number of tensors in an exported file.
  private func written(_ network: any Importable) -> Int {
    PublishedWeights(network) { _ in [] }.count(in: .pth)
  }

  struct Published: Sendable, CustomTestStringConvertible {
    var classes: Int
    var size: Size2
    var settings: [String: Setting]
    var encoderWidth: Double
    var counts: (generator: Int, encoder: Int, discriminator: Int)

    var testDescription: String { "\(classes) classes" }

    func networks() throws -> (
      generator: any Generator & Importable, encoder: any Encoder & Importable,
      discriminator: any Discriminator & Importable
    ) {
      let plugin = try PluginUnderTest("SMIS")
      let (height, width) = (size.height, size.width)
      let image = Port.image("image", height: height, width: width)
      let labels = Port.map("labels", .labelMap, classes: classes, height: height, width: width)
      let edges = Port.map("edges", .edges, height: height, width: width)
      let z = Port.latentMap(
        "z", height: height / 64, width: width / 64, channels: 8 * classes)
      return (
        try plugin.build(
          "groupdnet", .object(settings), bound: [labels, edges, z], image: image,
          as: (any Generator & Importable).self),
        try plugin.build(
          "class-split", ["width": .number(encoderWidth)], bound: [image, labels], image: image,
          as: (any Encoder & Importable).self),
        try plugin.build(
          "multiscale", ["edges": settings["edges"] ?? false], bound: [image, labels, edges],
          as: (any Discriminator & Importable).self)
      )
    }
  }

  @Test(
    "Rivals have the numbers of parameters that were published or found by counting",
    arguments: [
      ("spade", [:], 96_345_283, "image-encoder", [:], 10_463_424),
      ("spade", ["start": "labels"], 92_209_347, "image-encoder", [:], 10_463_424),
      ("spade", ["start": "map"], 92_725_443, "class-split", [:], 12_835_712),
      (
        "groupdnet", ["width": 192, "groups": [8, 8, 8, 8, 8, 8, 8]], 84_857_667,
        "class-split", [:], 12_835_712
      ),
      (
        "groupdnet", ["width": 192, "groups": [8, 8, 8, 8, 8, 8, 8], "start": "vector"],
        97_265_475, "image-encoder", [:], 10_463_424
      ),
      ("mulnet", [:], 91_798_763, "class-split", ["networks": "separate"], 12_835_712),
    ] as [(String, [String: Setting], Int, String, [String: Setting], Int)])
  func rivals(
    _ name: String, _ settings: [String: Setting], _ count: Int, _ encoderName: String,
    _ encoderSettings: [String: Setting], _ encoderCount: Int
  ) throws {
    let plugin = try PluginUnderTest("SMIS")
    let image = Port.image("image", side: 256)
    let labels = Port.labelMap("labels", classes: 8, side: 256)
    let z =
      encoderName == "image-encoder"
      ? Port.latent("z", size: 256) : Port.latentMap("z", height: 4, width: 4, channels: 64)
    let generator = try plugin.build(
      name, .object(settings), bound: [labels, z], image: image, as: (any Generator).self)
    #expect(generator.parameterCount == count)
    let encoder = try plugin.build(
      encoderName, .object(encoderSettings), bound: [image, labels], image: image,
      as: (any Encoder).self)
    #expect(encoder.parameterCount == encoderCount)
  }

  @Test(
    "Ablations have the published numbers of parameters, or those that the README says",
    arguments: [
      ("w/o map", ["start": "codes"], ["code": "vector"], 108_898_019),
      ("w/o split", [:], ["split": false], 109_160_163),
      ("→GroupNorm", ["norm": "group"], ["norm": "group"], 109_230_755),
      ("w/o SyncBN", ["norm": "none"], [:], 109_160_163),
      ("w/o SpecNorm", ["spectral": "none"], ["spectral": "none"], 109_160_163),
    ] as [(String, [String: Setting], [String: Setting], Int)])
  func ablations(
    _ name: String, _ settings: [String: Setting], _ encoderSettings: [String: Setting],
    _ count: Int
  ) throws {
    let plugin = try PluginUnderTest("SMIS")
    let image = Port.image("image", side: 256)
    let labels = Port.labelMap("labels", classes: 8, side: 256)
    let z =
      settings["start"] == "codes"
      ? Port.latent("z", size: 64) : Port.latentMap("z", height: 4, width: 4, channels: 64)
    let generator = try plugin.build(
      "groupdnet", .object(settings), bound: [labels, z], image: image, as: (any Generator).self)
    let encoder = try plugin.build(
      "class-split", .object(encoderSettings), bound: [image, labels], image: image,
      as: (any Encoder).self)
    #expect(generator.parameterCount + encoder.parameterCount == count)
  }

  @Test("Groups without a setting: as published, else each a multiple of the next")
  func usualGroups() {
    #expect(DecoderShape.usualGroups(.deepfashion, classes: 8) == [8, 8, 4, 4, 2, 2, 1])
    #expect(DecoderShape.usualGroups(.cityscapes, classes: 35) == [35, 35, 20, 14, 10, 4, 1])
    #expect(DecoderShape.usualGroups(.ade20k, classes: 151) == [151, 16, 16, 8, 4, 2, 1])
    #expect(DecoderShape.usualGroups(.deepfashion, classes: 12) == [12, 12, 6, 6, 3, 3, 1])
    for classes in 1...64 {
      let groups = DecoderShape.usualGroups(.deepfashion, classes: classes)
      // C, C, C/2, C/2, C/4, C/4 of the published numbers, where they are whole.
      if classes % 4 == 0 {
        #expect(Array(groups.prefix(6)) == [1, 1, 2, 2, 4, 4].map { classes / $0 })
      }
      #expect(zip(groups, groups.dropFirst()).allSatisfy { $0 % $1 == 0 }, "\(groups)")
      #expect(groups.last == 1)
    }
  }

  @Test(
    "What can't work is said with what would do",
    arguments: [
      (
        ["groups": [4, 4, 2]],
        "expected one for each of the seven blocks, such as [4, 4, 2, 2, 1, 1, 1]"
      ),
      (["groups": [2, 2, 4, 1, 1, 1, 1]], "rise from 2 to 4; they must fall or stay"),
      (["groups": [8, 4, 2, 2, 1, 1, 1]], "has 8, expected 1 to 4, the number of classes"),
      (["groups": [3, 3, 1, 1, 1, 1, 1]], "3 groups do not divide the 4 planes"),
      (["edges": true], "with edges use variant cityscapes"),
      (["edges": true, "variant": "ade20k"], "variant ade20k reads labels only"),
      (["start": "vector"], "z is a map, start vector needs a vector"),
      (["upsampling": "most"], "must be multiples of 128, such as 128x128"),
    ] as [([String: Setting], String)])
  func refusals(_ settings: [String: Setting], _ message: String) throws {
    let image = Port.image("image", side: 64)
    let error = #expect(throws: ConfigurationError.self) {
      try PluginUnderTest("SMIS").build(
        "groupdnet", .object(settings),
        bound: [
          .labelMap("labels", classes: 4, side: 64),
          .latentMap("z", height: 2, width: 2, channels: 32),
        ], image: image, as: (any Generator).self)
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test("Any number of classes suits any width: channels are raised to multiples of the groups")
  func twelveClasses() throws {
    let image = Port.image("image", side: 64)
    let generator = try PluginUnderTest("SMIS").build(
      "groupdnet", ["width": 4],
      bound: [
        .labelMap("labels", classes: 12, side: 64),
        .latentMap("z", height: 2, width: 2, channels: 96),
      ], image: image, as: (any Generator).self)
    generator.initialize(seed: 1, prefix: "")
    let context = CallContext(training: true, updatesBuffers: true, seed: 1, stream: "", step: 0)
    let made = generator(
      [
        "labels": HashedNumbers.labels("labels", 2, 64, 64, classes: 12),
        "z": HashedNumbers.tensor("z", [2, 2, 2, 96]),
      ], in: context)["image"]
    #expect(made.shape == [2, 64, 64, 3])
    #expect(made.abs().max().item() <= 1)
  }
}
