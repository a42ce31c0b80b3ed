import PluginAPI
import Testing

@Suite("Views")
struct ViewTests {
  let image = Port.image("image", height: 9, width: 6)
  let labels = Port.map("labels", .labelMap, classes: 5, height: 9, width: 6)

  @Test("The whole is the same tensor")
  func whole() throws {
    let views = try views("whole", of: "image", image)
    try #require(views.count == 1)
    try expect(views[0], matches: "image", tolerance: 0)
  }

  @Test("The foreground is the image where the mask is, any colour elsewhere")
  func foreground() throws {
    let mask: Values = ["mask": try Essentials.reference("mask")]
    try expect(
      try views("foreground", of: "image", image, inputs: mask).first, matches: "foreground")
    try expect(
      try views("foreground", ["background": 1], of: "image", image, inputs: mask).first,
      matches: "foreground.white")
    try expect(
      try views("foreground", of: "labels", labels, inputs: mask).first, matches: "labels",
      tolerance: 0)
  }

  @Test("A pyramid averages images and picks labels")
  func pyramid() throws {
    let images = try views("pyramid", ["scales": 3], of: "image", image)
    try #require(images.count == 3)
    try expect(images[0], matches: "image", tolerance: 0)
    try expect(images[1], matches: "pyramid.average3.1")
    try expect(images[2], matches: "pyramid.average3.2")
    let maps = try views("pyramid", ["scales": 2], of: "labels", labels)
    try expect(maps[1], matches: "labels.5x3", tolerance: 0)
    let small = try views("pyramid", ["pooling": "average2"], of: "image", image)
    try expect(small[1], matches: "pyramid.average2.1")
    let smallMaps = try views("pyramid", ["pooling": "average2"], of: "labels", labels)
    try expect(smallMaps[1], matches: "labels.4x3", tolerance: 0)
    #expect(try views("pyramid", ["scales": 1], of: "image", image).count == 1)
  }

  @Test("Quadrants: top left, top right, bottom left, bottom right, for images and labels alike")
  func quadrants() throws {
    let view = try Essentials.build("quadrants", as: (any View).self)
    let grid = Tensor.range(16).reshaped([1, 4, 4])
    let quarters = view(grid, of: labels, [:]).map { $0.scalars() }
    #expect(
      quarters == [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]])
    let colours = view(grid.expandedDims(3), of: image, [:])
    #expect(colours.map { $0.scalars() } == quarters)
    #expect(colours.allSatisfy { $0.shape == [1, 2, 2, 1] })
    let odd = view(Tensor.range(9).reshaped([1, 3, 3]), of: labels, [:]).map { $0.scalars() }
    #expect(odd == [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]])
  }

  @Test("Discriminators learn which sizes they will see")
  func seen() throws {
    let quarter = try Essentials.component("quadrants").seen(image, [:])
    #expect(quarter["height"] == 5 && quarter["width"] == 3)
    let levels = try Essentials.component("pyramid").seen(image, [:])
    #expect(levels["height"] == nil && levels["channels"] == 3)
    #expect(try Essentials.component("pyramid").seen(image, ["scales": 1]) == image)
    #expect(try Essentials.component("foreground").seen(image, [:]) == image)
  }

  private func views(
    _ name: String, _ settings: Setting = [:], of reference: String, _ port: Port,
    inputs: Values = [:]
  ) throws -> [Tensor] {
    let view = try Essentials.build(name, settings, as: (any View).self)
    return view(try Essentials.reference(reference), of: port, inputs)
  }
}
