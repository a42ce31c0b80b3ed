/// A map of integers: the class, or the instance number, of each pixel.
///
/// Read exactly as a file stores them: palette indices, 8-bit grey values or 16-bit grey values.
public struct LabelImage: Sendable, Hashable {
  /// Pixels from top to bottom.
  public let height: Int
  /// Pixels from left to right.
  public let width: Int
  /// Values by rows from the top, `height * width` of them.
  public var labels: [UInt16] {
    didSet {
      precondition(
        labels.count == height * width,
        "[LabelImage] \(height)x\(width) has \(height * width) labels, found \(labels.count)")
    }
  }

  /// Wraps labels that are already in memory.
  public init(height: Int, width: Int, labels: [UInt16]) {
    precondition(
      height > 0 && width > 0, "[LabelImage] sides must be positive, found \(height)x\(width)")
    precondition(
      labels.count == height * width,
      "[LabelImage] \(height)x\(width) needs \(height * width) labels, found \(labels.count)")
    self.height = height
    self.width = width
    self.labels = labels
  }

  /// The label at row `y` and column `x`.
  public subscript(y: Int, x: Int) -> UInt16 {
    get { labels[offset(y, x)] }
    set { labels[offset(y, x)] = newValue }
  }

  private func offset(_ y: Int, _ x: Int) -> Int {
    precondition(
      (0..<height).contains(y) && (0..<width).contains(x),
      "[LabelImage] [\(y), \(x)] is outside \(height)x\(width)")
    return y * width + x
  }

  /// The greatest label.
  public var greatest: UInt16 { labels.max() ?? 0 }

  /// Replaces each label by what a table says, such as a map from a file's ids to classes.
  ///
  /// - Parameter table: the new label at the index of the old; longer than `greatest`.
  /// - Returns: a map of the same size.
  public func mapped(by table: [UInt16]) -> LabelImage {
    precondition(
      Int(greatest) < table.count,
      "[mapped] label \(greatest) has no entry in a table of \(table.count)")
    return LabelImage(height: height, width: width, labels: labels.map { table[Int($0)] })
  }
}
