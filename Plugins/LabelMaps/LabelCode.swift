import PluginAPI

/// What the numbers in a data set's label files mean.
struct LabelCode: Sendable {
  /// The class of each number; nil where no file should have it.
  private let classes: [UInt16?]
  /// The numbers files may have, for messages.
  let expected: String
  /// What to do about others.
  var cure = "Put the original label map back; maps in colour or of other ids do not serve."

  /// Numbers that are classes already.
  ///
  /// - Parameters:
  ///   - count: the classes.
  ///   - unknown: a number that stands for one class more, the last.
  init(count: Int, unknown: Int? = nil) {
    var classes = (0..<count).map { UInt16?(UInt16($0)) }
    var expected = "0...\(count - 1)"
    if let unknown {
      while classes.count <= unknown { classes.append(nil) }
      classes[unknown] = UInt16(count)
      expected += " or \(unknown)"
    }
    (self.classes, self.expected) = (classes, expected)
  }

  /// Numbers that are looked up: the class of `n` is `table[n]`.
  init(table: [UInt16]) {
    classes = table
    expected = "0...\(table.count - 1)"
  }

  /// - Throws: `DataError` where a file has a number that means nothing.
  func check(_ map: LabelImage, at path: String) throws {
    let classes = classes
    guard let wrong = map.labels.first(where: { classes.count <= $0 || classes[Int($0)] == nil })
    else { return }
    let count = map.labels.count { $0 == wrong }
    throw DataError(
      path, found: "label \(wrong) in \(count) pixel\(count == 1 ? "" : "s")", expected: expected,
      cure: cure)
  }

  /// The classes of a map that has been checked.
  func classes(of map: LabelImage) -> [Float] {
    let scalars = classes.map { Float($0 ?? 0) }
    return map.labels.map { scalars[Int($0)] }
  }
}
