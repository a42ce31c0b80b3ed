extension Pose {
  /// Where the person roughly is, `[height, width]`, 1 inside and 0 elsewhere: what masked similarity
  /// looks at where nobody has drawn a mask.
  ///
  /// Bars of 8 pixels between joints that belong together, discs of 4 pixels' radius around all that
  /// are seen, and what squares of 5 pixels cannot reach into between them.
  ///
  /// - Source: L. Ma et al., Pose Guided Person Image Generation (NIPS 2017), section 3.1, in the
  ///   form in which the published code of arXiv:1801.00055 measures with it.
  public func silhouette(height: Int, width: Int) -> [Float] {
    var plane = Plane(height: height, width: width)
    for (from, to) in Pose.bones {
      guard let from = self[from], let to = self[to], from != to else { continue }
      let along = from - to
      let across = Pose.thickness * Place(-along.y, along.x) / (along * along).sum().squareRoot()
      // The published code goes along rows, masks of parts along columns.
      plane.fill(
        polygon: [from + across, from - across, to - across, to + across].map { Place($0.y, $0.x) })
    }
    for joint in points.compactMap({ $0 }) { plane.fill(disc: joint, radius: Pose.thickness) }
    return plane.spread(by: 2).shrunk(by: 2).values
  }

  /// Half the width of a bar, in pixels at the published sizes.
  private static let thickness = 4.0

  /// Joints with a bar between them.
  private static let bones: [(Joint, Joint)] = [
    (.neck, .nose), (.neck, .rightShoulder), (.neck, .leftShoulder), (.neck, .rightHip),
    (.neck, .leftHip), (.neck, .leftEar), (.neck, .rightEar),
    (.nose, .leftEye), (.nose, .rightEye), (.leftEye, .leftEar), (.rightEye, .rightEar),
    (.leftEar, .rightEar),
    (.rightShoulder, .rightElbow), (.rightElbow, .rightWrist), (.rightShoulder, .rightHip),
    (.leftShoulder, .leftElbow), (.leftElbow, .leftWrist), (.leftShoulder, .leftHip),
    (.rightHip, .leftHip), (.rightHip, .rightKnee), (.rightKnee, .rightAnkle),
    (.leftHip, .leftKnee), (.leftKnee, .leftAnkle),
  ]
}

/// Pixels that are set or not.
private struct Plane {
  let height: Int
  let width: Int
  var values: [Float]

  init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
    values = Array(repeating: 0, count: height * width)
  }

  /// Sets what lies in a polygon, whose corners are given row first.
  mutating func fill(polygon corners: [Place]) {
    let (columns, rows) = Pose.bounds(corners, height: width, width: height)
    for y in rows {
      for x in columns where Pose.contains(corners, Place(Double(y), Double(x))) {
        values[y * width + x] = 1
      }
    }
  }

  /// Sets what is nearer than `radius` to a place.
  mutating func fill(disc middle: Place, radius: Double) {
    let reach = Place(radius, radius)
    let (rows, columns) = Pose.bounds(
      [middle - reach, middle + reach], height: height, width: width)
    for y in rows {
      for x in columns {
        let offset = Place(Double(x), Double(y)) - middle
        if (offset * offset).sum() < radius * radius { values[y * width + x] = 1 }
      }
    }
  }

  /// What a square of so many pixels to each side reaches from a pixel that is set.
  func spread(by reach: Int) -> Plane { extreme(within: reach, max) }

  /// Pixels around which all others so near, as far as there are any, are set.
  func shrunk(by reach: Int) -> Plane { extreme(within: reach, min) }

  private func extreme(within reach: Int, _ choose: (Float, Float) -> Float) -> Plane {
    // A square's extreme is that of its rows' extremes.
    var rows = self
    for y in 0..<height {
      for x in 0..<width {
        for column in max(0, x - reach)...min(width - 1, x + reach) {
          rows.values[y * width + x] = choose(
            rows.values[y * width + x], values[y * width + column])
        }
      }
    }
    var result = rows
    for y in 0..<height {
      for row in max(0, y - reach)...min(height - 1, y + reach) {
        for x in 0..<width {
          result.values[y * width + x] = choose(
            result.values[y * width + x], rows.values[row * width + x])
        }
      }
    }
    return result
  }
}
