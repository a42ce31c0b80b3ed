import PluginAPI

/// How often pixels of one class were read as another.
struct Confusion {
  private let ignored: Set<Int>
  private var classes = 0
  /// Row-major, a row for each true class.
  private var counts: [Double] = []
  /// 0, or NaN after scores that were no numbers, which have a largest one all the same.
  private var doubt: Float = 0

  /// - Parameter ignored: true classes whose pixels do not count.
  init(ignoring ignored: [Int]) { self.ignored = Set(ignored) }

  /// Adds the pixels of a batch; labels that the scores know no class for do not count.
  ///
  /// - Parameters:
  ///   - scores: `[N, H, W, K]`.
  ///   - labels: `[N, H, W]`.
  mutating func add(_ scores: Tensor, _ labels: Tensor) {
    if counts.isEmpty {
      classes = scores.shape[3]
      counts = Array(repeating: 0, count: classes * classes)
    }
    for (label, read) in zip(labels.scalars(), scores.argmax(axis: 3).scalars()) {
      let (label, read) = (Int(label), Int(read))
      guard label < classes, !ignored.contains(label) else { continue }
      counts[label * classes + read] += 1
    }
    doubt += 0 * scores.sum().item()
  }

  private var pixels: Double { counts.reduce(0, +) }

  /// Share of pixels that were read right; `nil` without pixels.
  var accuracy: Double? {
    guard pixels > 0 else { return nil }
    let right = (0..<classes).reduce(0) { $0 + counts[$1 * classes + $1] }
    return right / pixels + Double(doubt)
  }

  /// Mean over classes of pixels that are and were read as the class, among those that are or were;
  /// classes that neither are nor were read do not count. `nil` without pixels.
  var meanIntersectionOverUnion: Double? {
    guard pixels > 0 else { return nil }
    let shares = (0..<classes).filter { !ignored.contains($0) }.compactMap { kind -> Double? in
      let both = counts[kind * classes + kind]
      let those = (0..<classes).reduce(0) { $0 + counts[kind * classes + $1] }
      let read = (0..<classes).reduce(0) { $0 + counts[$1 * classes + kind] }
      let either = those + read - both
      return either > 0 ? both / either : nil
    }
    return shares.reduce(0, +) / Double(shares.count) + Double(doubt)
  }
}
