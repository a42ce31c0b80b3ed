import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

@Suite("Tools on a model with codes of classes", .serialized)
struct ToolTests {
  private let folder: TemporaryFolder
  private let model = MadeUpModel(Size2(16, 16))
  private let plain = PlainModel()

  init() throws {
    folder = try TemporaryFolder()
    try map { row, _ in row < 8 ? 1 : 3 }.write(to: url("map.png"))
    try map { _, column in column < 8 ? 1 : 3 }.write(to: url("other.png"))
    try photo(RGB(200, 40, 90)).write(to: url("red.png"))
    try photo(RGB(30, 180, 90)).write(to: url("green.png"))
  }

  private func url(_ name: String) -> URL { URL(filePath: folder.file(name)) }

  private func map(_ label: (Int, Int) -> UInt16) -> LabelImage {
    LabelImage(
      height: 16, width: 16,
      labels: (0..<16).flatMap { row in (0..<16).map { label(row, $0) } })
  }

  /// A photograph with a mark in its middle.
  private func photo(_ color: RGB) -> Image {
    var image = Image(height: 16, width: 16, color: color)
    image.fill(top: 6, left: 6, height: 4, width: 4, with: .white)
    return image
  }

  private func run(
    _ id: String, _ arguments: [String], on other: (any TrainedModel)? = nil
  ) throws -> Picture {
    let catalog = Catalog([try StubCatalog.essentials.get().description])
    let written = arguments.map { $0.replacing("FOLDER", with: folder.path) }
    return try ToolRun("essentials/\(id)", written, catalog, image: model.image)
      .tool(other ?? model)
  }

  /// The 16×16 pictures of a grid, row by row.
  private func cells(
    _ picture: Picture, rows: Int, columns: Int, labels: [String]
  ) throws -> [[Image]] {
    guard case .still(let sheet) = picture else { throw ConfigurationError("found a film") }
    return try gridCells(
      sheet, rows: rows, columns: columns, height: 16, width: 16, labels: labels)
  }

  /// Where two pictures differ, by row and column.
  private func differences(_ a: Image, _ b: Image) -> Set<[Int]> {
    Set(
      (0..<256).filter { a.pixels[3 * $0..<3 * $0 + 3] != b.pixels[3 * $0..<3 * $0 + 3] }
        .map { [$0 / 16, $0 % 16] })
  }

  private func area(_ isInside: (Int, Int) -> Bool) -> Set<[Int]> {
    Set((0..<256).map { [$0 / 16, $0 % 16] }.filter { isInside($0[0], $0[1]) })
  }

  @Test("A column redraws its class and nothing else, differently in each row")
  func redraw() throws {
    let sheet = try cells(
      run("redraw-classes", ["labels=FOLDER/map.png", "draws=2"]), rows: 3, columns: 3,
      labels: ["before", "class 1", "class 3"])
    let (upper, lower) = (area { row, _ in row < 8 }, area { row, _ in row >= 8 })
    for row in 1...2 {
      #expect(sheet[row][0] == sheet[1][0])
      #expect(differences(sheet[row][0], sheet[row][1]) == upper)
      #expect(differences(sheet[row][0], sheet[row][2]) == lower)
    }
    #expect(sheet[1][1] != sheet[2][1])
    // Above the columns, the classes' areas.
    #expect(differences(sheet[0][0], sheet[0][1]) == lower)
    let again = try run("redraw-classes", ["labels=FOLDER/map.png", "draws=2"])
    #expect(
      try cells(again, rows: 3, columns: 3, labels: ["before", "class 1", "class 3"]) == sheet)
  }

  @Test("Each class looks as in the photograph that is chosen for it")
  func mix() throws {
    let files = [
      "photos=FOLDER/red.png", "photos=FOLDER/green.png", "maps=FOLDER/map.png",
      "maps=FOLDER/map.png",
    ]
    let titles = ["photo 0", "photo 1", "labels", "mixed"]
    let result = { (more: [String]) in
      try cells(run("mix-appearance", files + more), rows: 1, columns: 4, labels: titles)[0][3]
    }
    let (red, green) = (try result([]), try result(["take=1=1", "take=3=1"]))
    let mixed = try result(["take=3=1"])
    #expect(differences(red, mixed) == area { row, _ in row >= 8 })
    #expect(differences(green, mixed) == area { row, _ in row < 8 })
    let turned = try result(["take=3=1", "labels=FOLDER/other.png"])
    #expect((0..<3).allSatisfy { turned[0, 0, $0] == mixed[0, 0, $0] })
    #expect((0..<3).allSatisfy { turned[0, 15, $0] == mixed[15, 0, $0] })
  }

  @Test("An edit changes what is painted, with the same code")
  func edit() throws {
    let sheet = try cells(
      run(
        "edit-labels",
        [
          "labels=FOLDER/map.png", "paint=class=3,rect=2,1,5,4", "paint=class=0,rect=12,12,20,20",
        ]), rows: 1, columns: 4, labels: ["labels", "before", "edited", "after"])[0]
    let first = area { row, column in (1..<5).contains(row) && (2..<7).contains(column) }
    let second = area { row, column in row >= 12 && column >= 12 }
    #expect(differences(sheet[0], sheet[2]) == first.union(second))
    #expect(differences(sheet[1], sheet[3]) == first.union(second))
    #expect((0..<3).allSatisfy { sheet[3][2, 3, $0] == sheet[1][15, 0, $0] })
    // A map from elsewhere, and classes that become others.
    let other = try cells(
      run("edit-labels", ["labels=FOLDER/map.png", "edited=FOLDER/other.png", "replace=1=3"]),
      rows: 1, columns: 4, labels: ["labels", "before", "edited", "after"])[0]
    #expect(Set(other[3].pixels).count <= 3)
    #expect((0..<3).allSatisfy { other[3][0, 0, $0] == other[1][15, 0, $0] })
  }

  @Test("Styles go straight from one to the other, beyond where asked, in some classes or all")
  func morph() throws {
    let files = [
      "first=FOLDER/red.png", "firstMap=FOLDER/map.png", "second=FOLDER/green.png",
      "secondMap=FOLDER/map.png",
    ]
    let fields: (String) throws -> Values = { name in
      [
        "image": try self.model.image.value(of: self.folder.file(name)),
        "labels": try self.model.conditions[0].value(of: self.folder.file("map.png")),
      ]
    }
    let (a, b) = (
      model.encoded(try fields("red.png"))["z"], model.encoded(try fields("green.png"))["z"]
    )
    let strip = try cells(
      run("morph-style", files + ["from=-0.5", "to=1.5", "steps=5"]), rows: 1, columns: 5,
      labels: ["-0.5", "0.0", "0.5", "1.0", "1.5"])[0]
    let conditions = Values(["labels": try fields("red.png")["labels"]])
    for (t, found) in zip([-0.5, 0, 0.5, 1, 1.5] as [Float], strip) {
      let code = a * (1 - t) + b * t
      let expected = model.generated(from: conditions, ["z": code], seed: 0).images()[0]
      for (level, other) in zip(found.pixels, expected.pixels) {
        #expect(abs(Int(level) - Int(other)) <= 1)
      }
    }
    let some = try cells(
      run("morph-style", files + ["steps=2", "classes=3"]), rows: 1, columns: 2,
      labels: ["0.0", "1.0"])[0]
    #expect(differences(some[0], some[1]) == area { row, _ in row >= 8 })
    guard
      case .film(let frames, let seconds) = try run(
        "morph-style", files + ["steps=3", "film=true", "seconds=0.5"])
    else {
      Issue.record("found one image, expected a film")
      return
    }
    #expect(frames.count == 4 && frames[1] == frames[3] && seconds == 0.5)
  }

  @Test("Without codes of classes styles go as well, all of them, and label maps are edited")
  func withoutClasses() throws {
    try map { row, _ in row == 7 || row == 8 ? 1 : 0 }.write(to: url("edges.png"))
    let files = [
      "first=FOLDER/red.png", "second=FOLDER/green.png", "fields=edges=FOLDER/edges.png",
      "firstMap=FOLDER/map.png",
    ]
    let labels = ["0.0", "0.5", "1.0"]
    let strip = try cells(
      run("morph-style", files + ["steps=3"], on: plain), rows: 1, columns: 3, labels: labels)[0]
    let codes = try ["red.png", "green.png"].map {
      plain.encoded(["image": try plain.image.value(of: folder.file($0))])["z"].scalars()
    }
    for (t, found) in zip([0, 0.5, 1] as [Float], strip) {
      for channel in 0..<2 {
        let code = codes[0][channel] * (1 - t) + codes[1][channel] * t
        #expect(abs(Float(found[0, 0, channel]) - (code + 1) * 127.5) <= 1)
      }
    }
    for id in ["redraw-classes", "mix-appearance"] {
      #expect(throws: ConfigurationError.self) {
        try run(id, ["labels=FOLDER/map.png"], on: plain)
      }
    }
    #expect(throws: ConfigurationError.self) {
      try run("morph-style", files + ["classes=3"], on: plain)
    }
  }

  @Test("Edges are redrawn around what an edit changed, and nowhere else, or read from a file")
  func edges() throws {
    // One between the two areas, and one between two instances of the lower one.
    try map { row, column in row == 7 || row == 8 || (row > 8 && column == 4) ? 1 : 0 }
      .write(to: url("edges.png"))
    let files = ["labels=FOLDER/map.png", "fields=edges=FOLDER/edges.png"]
    let labels = ["labels", "before", "edited", "after"]
    let sheet = try cells(
      run("edit-labels", files + ["paint=class=2,rect=6,10,4,3"], on: plain), rows: 1, columns: 4,
      labels: labels)[0]
    let before = area { row, column in row == 7 || row == 8 || (row > 8 && column == 4) }
    let block = area { row, column in (10..<13).contains(row) && (6..<10).contains(column) }
    let inside = area { row, column in row == 11 && (7..<9).contains(column) }
    let around = area { row, column in
      ([9, 13].contains(row) && (6..<10).contains(column))
        || ([5, 10].contains(column) && (10..<13).contains(row))
    }
    #expect(lit(sheet[1]) == before)
    #expect(lit(sheet[3]) == before.union(block.subtracting(inside)).union(around))
    try map { row, _ in row == 0 ? 1 : 0 }.write(to: url("other-edges.png"))
    let given = try cells(
      run(
        "edit-labels",
        files + ["replace=1=3", "editedFields=edges=FOLDER/other-edges.png"], on: plain),
      rows: 1, columns: 4, labels: labels)[0]
    #expect(lit(given[3]) == area { row, _ in row == 0 })
  }

  /// Where the third channel is not 0.
  private func lit(_ image: Image) -> Set<[Int]> {
    area { row, column in image[row, column, 2] > 0 }
  }

  /// What each wrong call says, in the order of the snapshot.
  static let wrong: [(String, [String])] = [
    ("redraw-classes", []),
    ("redraw-classes", ["labels=FOLDER/none.png"]),
    ("redraw-classes", ["labels=FOLDER/small.png"]),
    ("redraw-classes", ["labels=FOLDER/seven.png"]),
    ("redraw-classes", ["labels=FOLDER/red.png"]),
    ("redraw-classes", ["labels=FOLDER/map.png", "classes=1", "classes=5"]),
    ("redraw-classes", ["labels=FOLDER/map.png", "draws=0"]),
    ("redraw-classes", ["label=FOLDER/map.png"]),
    ("redraw-classes", ["labels"]),
    ("redraw", []),
    ("adam", []),
    ("mix-appearance", []),
    ("mix-appearance", ["photos=FOLDER/red.png"]),
    ("mix-appearance", ["photos=FOLDER/red.png", "maps=FOLDER/map.png", "take=1=1"]),
    ("mix-appearance", ["photos=FOLDER/red.png", "maps=FOLDER/map.png", "take=hair"]),
    ("mix-appearance", ["photos=FOLDER/map.png", "maps=FOLDER/small.png"]),
    ("edit-labels", ["labels=FOLDER/map.png"]),
    ("edit-labels", ["labels=FOLDER/map.png", "paint=3,1,1,4,4"]),
    ("edit-labels", ["labels=FOLDER/map.png", "paint=class=9,rect=1,1,4,4"]),
    ("edit-labels", ["labels=FOLDER/map.png", "paint=class=2,rect=16,1,4,4"]),
    ("morph-style", ["first=FOLDER/red.png", "firstMap=FOLDER/map.png"]),
  ]

  @Test("Wrong arguments and files are answered with what was found and what would do")
  func messages() throws {
    try LabelImage(height: 8, width: 16, labels: Array(repeating: 0, count: 128))
      .write(to: url("small.png"))
    try map { _, _ in 7 }.write(to: url("seven.png"))
    var text = ""
    for (id, arguments) in Self.wrong {
      text += "\(id) \(arguments.joined(separator: " "))\n"
      do {
        _ = try run(id, arguments)
        Issue.record("\(id) \(arguments) went through")
      } catch {
        text += "\(error)".replacing(folder.path, with: "FOLDER") + "\n\n"
      }
    }
    try expectSnapshot("tools", text)
  }

  @Test("A picture is there as a whole; a film is no JPEG, and folders must be there")
  func files() throws {
    let still = Picture.still(photo(.black))
    #expect(try ToolRun.write(still, to: folder.file("a.png")) == "16×16 pixels")
    #expect(try Image(contentsOf: url("a.png")) == photo(.black))
    let film = Picture.film([photo(.black), photo(.white)], secondsPerFrame: 0.1)
    #expect(try ToolRun.write(film, to: folder.file("b.png")) == "2 images of 16×16 pixels")
    #expect(try Image(contentsOf: url("b.png")) == photo(.black))
    #expect(throws: ConfigurationError.self) {
      try ToolRun.write(film, to: folder.file("c.jpg"))
    }
    #expect(throws: ConfigurationError.self) { try ToolRun.check(folder.file("c.gif")) }
    #expect(throws: FileError.self) { try ToolRun.check(folder.file("none/c.png")) }
    #expect(!folder.names.contains { $0.hasPrefix("c") || $0.hasPrefix(".") })
  }
}
