/// A height and a width; an integer literal means both.
public struct Size2: ExpressibleByIntegerLiteral, Hashable, Sendable, CustomStringConvertible {
  /// Extent along H.
  public var height: Int
  /// Extent along W.
  public var width: Int

  /// Makes a size from its two extents.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// Makes a square.
  public init(_ side: Int) { self.init(side, side) }

  /// Makes a square from a literal.
  public init(integerLiteral side: Int) { self.init(side, side) }

  /// `HxW`.
  public var description: String { "\(height)x\(width)" }
}
