extension Pose {
  /// One mask a part, `[height, width, parts]`, 1 inside and 0 elsewhere.
  ///
  /// The body's is 1 everywhere; the head's a square around the mean of what is seen of it; a limb's
  /// the rectangle around it, which reaches further than that of its map. Parts that are not seen,
  /// and all parts of a pose without hips or shoulders, are nowhere.
  public func masks(height: Int, width: Int) -> [Float] {
    let parts = BodyPart.allCases
    var result = [Float](repeating: 0, count: height * width * parts.count)
    func fill(_ part: BodyPart, _ y: Int, _ x: Int) {
      result[(y * width + x) * parts.count + part.rawValue] = 1
    }
    for part in parts {
      switch part {
      case .body:
        for y in 0..<height { for x in 0..<width { fill(part, y, x) } }
      case .head:
        guard let (rows, columns) = headSquare(height: height, width: width) else { continue }
        for y in rows { for x in columns { fill(part, y, x) } }
      default:
        guard let corners = rectangle(of: part, reach: part.isOuter ? 0.5 : 0.1) else { continue }
        let (rows, columns) = Pose.bounds(corners, height: height, width: width)
        for y in rows {
          for x in columns where Pose.contains(corners, Place(Double(x), Double(y))) {
            fill(part, y, x)
          }
        }
      }
    }
    return result
  }

  private func headSquare(height: Int, width: Int) -> (rows: Range<Int>, columns: Range<Int>)? {
    let seen = Pose.headJoints.compactMap { self[$0] }
    guard let trunk, !seen.isEmpty else { return nil }
    let middle = seen.reduce(Place.zero, +) / Double(seen.count)
    let half = Int(0.4 * trunk)
    let (x, y) = (Int(middle.x), Int(middle.y))
    let (top, bottom) = (max(0, y - half), min(height, y + half))
    let (left, right) = (max(0, x - half), min(width, x + half))
    return (top..<max(top, bottom), left..<max(left, right))
  }

  /// The pixels that can lie in a polygon.
  static func bounds(
    _ corners: [Place], height: Int, width: Int
  ) -> (rows: Range<Int>, columns: Range<Int>) {
    func range(_ values: [Double], _ end: Int) -> Range<Int> {
      let first = max(0, min(Double(end), (values.min() ?? 0).rounded(.down)))
      let last = max(first, min(Double(end), (values.max() ?? 0).rounded(.up) + 1))
      return Int(first)..<Int(last)
    }
    return (range(corners.map(\.y), height), range(corners.map(\.x), width))
  }

  /// Whether a polygon's boundary is crossed an odd number of times on the way down a column.
  static func contains(_ corners: [Place], _ place: Place) -> Bool {
    var isInside = false
    var last = corners[corners.count - 1]
    for corner in corners {
      if (corner.x <= place.x) != (last.x <= place.x) {
        let rise = (last.y - corner.y) * (place.x - corner.x) / (last.x - corner.x)
        if place.y < rise + corner.y { isInside.toggle() }
      }
      last = corner
    }
    return isInside
  }
}
