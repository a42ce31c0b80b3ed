import PoseGeometry
import TestSupport
import Testing

/// Transforms and masks as NumPy has them, see pose_pairs.py.
@Suite("How the parts of a person move")
struct GeometryTests {
  /// Largest accepted difference of a coefficient, relative to itself where it is above 1.
  static let tolerance: Float = 1e-4

  private static func poses(_ name: String, _ fixture: Fixture) throws -> [Pose] {
    let entry = try fixture[name]
    let joints = Joint.allCases.count
    return (0..<entry.shape[0]).map { index in
      Pose(
        (0..<joints).map { joint in
          let place = (index * joints + joint) * 2
          let (x, y) = (Double(entry.values[place]), Double(entry.values[place + 1]))
          return x == -1 || y == -1 ? nil : Place(x, y)
        })
    }
  }

  @Test("Transforms are those of total least squares; what cannot be placed is nowhere")
  func transforms() throws {
    let fixture = try Fixture.load("pose_pairs")
    let pairs = zip(try Self.poses("target", fixture), try Self.poses("source", fixture))
    let expected = try fixture["transforms"].values
    var nowhere = 0
    for (index, pair) in pairs.enumerated() {
      let found = PoseChange(target: pair.0, source: pair.1).transforms
      for part in BodyPart.allCases {
        let range = part.rawValue * 8..<part.rawValue * 8 + 8
        let mine = found[range]
        let theirs = expected[index * 80 + range.lowerBound..<index * 80 + range.upperBound]
        if Array(theirs) == [1, 0, 1000, 0, 1, 1000, 0, 0] { nowhere += 1 }
        let isClose = zip(mine, theirs).allSatisfy {
          abs($0 - $1) <= Self.tolerance * max(1, abs($1))
        }
        #expect(isClose, "case \(index), \(part): \(Array(mine)), \(Array(theirs))")
      }
    }
    #expect(nowhere > 20 && nowhere < 120)
  }

  @Test("The person as one piece moves with hips, shoulders and the knees seen in both")
  func whole() throws {
    let fixture = try Fixture.load("pose_pairs")
    let pairs = zip(try Self.poses("target", fixture), try Self.poses("source", fixture))
    let expected = try fixture["whole"].values
    for (index, pair) in pairs.enumerated() {
      let found = PoseChange(target: pair.0, source: pair.1).wholeMap.coefficients
      let isClose = zip(found, expected[index * 8..<index * 8 + 8]).allSatisfy {
        abs($0 - $1) <= Self.tolerance * max(1, abs($1))
      }
      #expect(isClose, "case \(index): \(found)")
    }
  }

  @Test("Masks are the body, the square of the head, the rectangles of limbs")
  func masks() throws {
    let fixture = try Fixture.load("pose_pairs")
    let (rows, columns) = (try fixture["rows"].values, try fixture["columns"].values)
    for (index, pose) in try Self.poses("target", fixture).enumerated() {
      let masks = pose.masks(height: Self.height, width: Self.width)
      let (byRow, byColumn) = Self.sums(masks, planes: BodyPart.allCases.count)
      #expect(byRow == Array(rows[index * byRow.count..<(index + 1) * byRow.count]), "\(index)")
      #expect(
        byColumn == Array(columns[index * byColumn.count..<(index + 1) * byColumn.count]),
        "\(index)")
    }
  }

  @Test("The silhouette is bars and discs around what is seen, closed; nothing of nobody")
  func silhouette() throws {
    let fixture = try Fixture.load("pose_pairs")
    let rows = try fixture["silhouette/rows"].values
    let columns = try fixture["silhouette/columns"].values
    for (index, pose) in try Self.poses("target", fixture).enumerated() {
      let mask = pose.silhouette(height: Self.height, width: Self.width)
      let (byRow, byColumn) = Self.sums(mask, planes: 1)
      #expect(byRow == Array(rows[index * Self.height..<(index + 1) * Self.height]), "\(index)")
      #expect(byColumn == Array(columns[index * Self.width..<(index + 1) * Self.width]), "\(index)")
    }
    let nobody = Pose(Array(repeating: nil, count: Joint.allCases.count))
    #expect(nobody.silhouette(height: 3, width: 4) == Array(repeating: 0, count: 12))
  }

  private static let (height, width) = (128, 64)

  /// The sums of rows and of columns of each plane of `[height, width, planes]`.
  private static func sums(_ values: [Float], planes: Int) -> (rows: [Float], columns: [Float]) {
    var rows = [Float](repeating: 0, count: planes * height)
    var columns = [Float](repeating: 0, count: planes * width)
    for (place, value) in values.enumerated() {
      let (pixel, plane) = (place / planes, place % planes)
      rows[plane * height + pixel / width] += value
      columns[plane * width + pixel % width] += value
    }
    return (rows, columns)
  }

  @Test("A pose moved, turned and stretched is mapped exactly")
  func exact() {
    let places: [Place?] = (0..<18).map { index in
      let step = Double(index)
      return Place((step * step * 7).truncatingRemainder(dividingBy: 31), 30 + 4 * step)
    }
    let target = Pose(places)
    let source = Pose(
      places.map { $0.map { Place(0.9 * $0.x - 0.3 * $0.y + 5, 0.2 * $0.x + 1.1 * $0.y - 3) } })
    let change = PoseChange(target: target, source: source)
    for part in [BodyPart.body, .head] {
      let found = change.map(of: part).coefficients
      for (mine, exact) in zip(found, [0.9, -0.3, 5, 0.2, 1.1, -3, 0, 0]) {
        #expect(abs(mine - Float(exact)) < 1e-5, "\(part)")
      }
    }
  }
}
