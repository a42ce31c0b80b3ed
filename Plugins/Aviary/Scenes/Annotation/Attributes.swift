/// Which of the binary attributes a bird has: at most one of each group.
///
/// Attributes are named and numbered as in the field's bird data sets: `has_wing_color::blue`, from
/// 1 in lists, because 0 pads them.
public struct Attributes: Sendable, Hashable {
  /// Every attribute's name, group after group.
  public static let names = AttributeGroup.allCases.flatMap { group in
    group.values.map { "\(group.rawValue)::\($0)" }
  }
  /// The number of attributes.
  public static let count = names.count
  /// The largest number of attributes one bird can have.
  public static let maximum = AttributeGroup.allCases.count

  private static let ranges: [Range<Int>] = {
    var start = 0
    return AttributeGroup.allCases.map { group in
      defer { start += group.values.count }
      return start..<(start + group.values.count)
    }
  }()

  /// Indices into ``names``, ascending.
  public let present: [Int]

  /// The true attributes of a bird.
  public init(_ sighting: Sighting) {
    present = zip(AttributeGroup.allCases, Self.ranges).compactMap { group, range in
      guard let value = group.value(of: sighting) else { return nil }
      guard let place = group.values.firstIndex(of: value) else {
        preconditionFailure("[Attributes] \(group.rawValue) has no value \(value)")
      }
      return range.lowerBound + place
    }
  }

  private init(present: [Int]) { self.present = present }

  /// What careless annotators would have written: each label is wrong with probability `rate`.
  ///
  /// A wrong label is another answer of the same group, all equally likely; the true answer is then
  /// missing. So the share of the positive labels that are wrong is `rate`, on average over many
  /// birds, and the number of positive labels does not change.
  public func mislabelled(rate: Float, using draws: inout Draws) -> Attributes {
    Attributes(
      present: present.map { label in
        // Both numbers are always drawn, so that a higher rate keeps the errors of a lower one.
        let isWrong = draws.chance(rate)
        let choice = draws.unit()
        guard isWrong, let range = Self.ranges.first(where: { $0.contains(label) }) else {
          return label
        }
        let step = 1 + min(range.count - 2, Int(choice * Float(range.count - 1)))
        return range.lowerBound + (label - range.lowerBound + step) % range.count
      })
  }

  /// 1 where the attribute is present, 0 elsewhere; ``count`` numbers.
  public var indicators: [Float] {
    var result = [Float](repeating: 0, count: Self.count)
    for index in present { result[index] = 1 }
    return result
  }

  /// Numbers of the attributes present, from 1, ascending.
  public var ids: [Int] { present.map { $0 + 1 } }
}
