import PluginAPI
import Testing

@Suite("Adapters")
struct AdapterTests {
  let labels = Port.map("labels", .labelMap, classes: 5, height: 9, width: 6, role: .target)
  let image = Port.image("photo", height: 9, width: 6)

  @Test("One-hot planes of a label map, also at another side")
  func oneHot() throws {
    let wanted = Port.classPlanes("planes")
    let result = try #require(try adapted("one-hot", labels, for: wanted))
    #expect(result.name == "planes" && result["classes"] == 5 && result["height"] == 9)
    #expect(result.role == .target)
    try expect(
      try convert("one-hot", labels, ["labels": "labels"], to: result)["planes"], matches: "planes")

    let small = Port.map("planes", .classPlanes, height: 5, width: 3)
    let smaller = try #require(try adapted("one-hot", labels, for: small))
    let planes = try convert("one-hot", labels, ["labels": "labels"], to: smaller)["planes"]
    #expect(planes.shape == [2, 5, 3, 5])
    try expect(planes.argmax(axis: 3), matches: "labels.5x3", tolerance: 0)
  }

  @Test(
    "Antialiased bilinear resizing", arguments: [(5, 3), (3, 6), (18, 12), (7, 11)])
  func resize(_ height: Int, _ width: Int) throws {
    let wanted = Port.image("image", height: height, width: width)
    let result = try #require(try adapted("resize-image", image, for: wanted))
    #expect(result["height"] == height && result["width"] == width && result.name == "image")
    try expect(
      try convert("resize-image", image, ["photo": "image"], to: result)["image"],
      matches: "image.\(height)x\(width)")
  }

  @Test("Labels are resized by nearest neighbour")
  func resizeLabels() throws {
    let wanted = Port.map("labels", .labelMap, height: 5, width: 3)
    let result = try #require(try adapted("resize-labels", labels, for: wanted))
    #expect(result["classes"] == 5)
    try expect(
      try convert("resize-labels", labels, ["labels": "labels"], to: result)["labels"],
      matches: "labels.5x3", tolerance: 0)
  }

  @Test("An attribute list is read as a caption")
  func caption() throws {
    let list = Port(
      "traits", .attributeList, attributes: ["vocabulary": 30, "maxLength": 4])
    let result = try #require(
      try adapted("attributes-as-caption", list, for: .caption("caption")))
    #expect(result == .caption("caption", vocabulary: 30, maxLength: 4))
    let adapter = try Essentials.build("attributes-as-caption", as: (any Adapter).self)
    let values = adapter(
      ["traits.tokens": Tensor([1, 2, 0, 0], [1, 4]), "traits.lengths": Tensor([2], [1])],
      from: list, to: result)
    #expect(values.names == ["caption.lengths", "caption.tokens"])
  }

  @Test("The sentence of a word sequence is the mean of the words that are there")
  func sentence() throws {
    let words = Port.words("words", size: 2)
    let result = try #require(
      try adapted("sentence-of-words", words, for: .sentence("sentence")))
    #expect(result == .sentence("sentence", size: 2))
    #expect(try adapted("sentence-of-words", words, for: .sentence("sentence", size: 3)) == nil)
    let adapter = try Essentials.build("sentence-of-words", as: (any Adapter).self)
    let values = adapter(
      [
        "words.features": Tensor([1, 2, 3, 6, 9, 9, 5, 7, 8, 8, 8, 8], [2, 3, 2]),
        "words.lengths": Tensor([2, 1], [2]),
      ], from: words, to: result)
    #expect(values["sentence"].scalars() == [2, 4, 5, 7])
  }

  @Test("Nothing is adapted where nothing needs to be, or where something else differs")
  func nothing() throws {
    let other = Port.map("labels", .labelMap, classes: 9, height: 5, width: 3)
    let elsewhere = Port.map("labels", .labelMap, height: 5, width: 3, role: .source)
    #expect(try adapted("resize-image", image, for: .image("image")) == nil)
    #expect(try adapted("resize-image", image, for: image) == nil)
    #expect(try adapted("resize-image", image, for: .image("image", side: 4, channels: 1)) == nil)
    #expect(try adapted("resize-image", .image("image"), for: .image("image", side: 4)) == nil)
    #expect(try adapted("resize-labels", labels, for: .labelMap("labels")) == nil)
    #expect(try adapted("resize-labels", labels, for: other) == nil)
    #expect(try adapted("resize-labels", labels, for: elsewhere) == nil)
    #expect(try adapted("one-hot", labels, for: .classPlanes("planes", classes: 9)) == nil)
    #expect(try adapted("one-hot", .labelMap("labels"), for: .classPlanes("planes")) == nil)
    #expect(try adapted("attributes-as-caption", labels, for: .caption("caption")) == nil)
  }

  private func adapted(_ name: String, _ provider: Port, for consumer: Port) throws -> Port? {
    let type = try #require(try Essentials.component(name).type as? any Adapter.Type)
    return type.adapted(provider, for: consumer)
  }

  private func convert(
    _ name: String, _ provider: Port, _ references: [String: String], to result: Port
  ) throws -> Values {
    let adapter = try Essentials.build(name, as: (any Adapter).self)
    let inputs = Values(try references.mapValues { try Essentials.reference($0) })
    return adapter(inputs, from: provider, to: result)
  }
}
