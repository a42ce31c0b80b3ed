/// Closed polygons in pixels, all walked in the same sense, so that overlapping ones form a union.
struct Path {
  var points: [Point] = []
  /// One past the last point of each polygon.
  var ends: [Int] = []

  init() { points.reserveCapacity(48) }

  /// Closes the polygon that began after the previous one; turns it round where needed.
  mutating func close() {
    let start = ends.last ?? 0
    let count = points.count - start
    guard count >= 3 else {
      points.removeLast(count)
      return
    }
    var area: Float = 0
    var previous = points[points.count - 1]
    for i in start..<points.count {
      let point = points[i]
      area += previous.x * point.y - point.x * previous.y
      previous = point
    }
    if area < 0 { points[start...].reverse() }
    ends.append(points.count)
  }

  /// Adds the polygons of another path.
  mutating func add(_ other: Path) {
    let offset = points.count
    points += other.points
    ends += other.ends.map { $0 + offset }
  }

  /// The path with each point moved by a function.
  func mapped(_ move: (Point) -> Point) -> Path {
    var result = Path()
    var start = 0
    for end in ends {
      for i in start..<end { result.points.append(move(points[i])) }
      result.close()
      start = end
    }
    return result
  }

  /// Smallest and largest coordinates, or nil for an empty path.
  var bounds: (low: Point, high: Point)? {
    guard var low = points.first else { return nil }
    var high = low
    for point in points {
      low = pointwiseMin(low, point)
      high = pointwiseMax(high, point)
    }
    return (low, high)
  }
}
