import Tensor

/// How a photograph and the maps that belong to it are brought to the size of a network's input.
///
/// In training they are enlarged, cut out at random, and half of them mirrored, all of a sample
/// alike; otherwise resized. Their proportions are not kept.
public struct Framing: Sendable {
  /// Rows of the result.
  public let height: Int
  /// Columns of the result.
  public let width: Int
  /// Size before the cut, as a multiple of the result's.
  public let enlargement: Float
  /// Whether half of the training samples are mirrored.
  public let mirror: Bool

  /// Describes one; an enlargement below 1 is a mistake.
  public init(height: Int, width: Int, enlargement: Float = 1, mirror: Bool) {
    precondition(enlargement >= 1, "[Framing] enlargement must be 1 or more, found \(enlargement)")
    (self.height, self.width) = (height, width)
    (self.enlargement, self.mirror) = (enlargement, mirror)
  }

  /// The whole picture, resized.
  public var whole: Frame {
    Frame(
      full: (height, width), top: 0, left: 0, height: height, width: width, isMirrored: false)
  }

  /// A training sample's cut: row, column and side, in this order, from `random`.
  public func drawn(using random: inout RandomStream) -> Frame {
    let full = (
      height: Int((Float(height) * enlargement).rounded()),
      width: Int((Float(width) * enlargement).rounded())
    )
    let top = random.below(full.height - height + 1)
    let left = random.below(full.width - width + 1)
    return Frame(
      full: full, top: top, left: left, height: height, width: width,
      isMirrored: mirror && random.below(2) == 1)
  }
}

/// A cut of one sample, the same for its photograph and its maps.
public struct Frame: Sendable {
  /// The size to which the whole is brought first.
  public let full: (height: Int, width: Int)
  /// First row of the cut.
  public let top: Int
  /// First column of the cut.
  public let left: Int
  /// Rows of the cut.
  public let height: Int
  /// Columns of the cut.
  public let width: Int
  /// Whether it is mirrored in the end.
  public let isMirrored: Bool
}

extension Image {
  /// The cut of a photograph, resized by `filter`.
  public func framed(_ frame: Frame, filter: ResizeFilter = .bicubic) -> Image {
    let full = resized(height: frame.full.height, width: frame.full.width, filter: filter)
    let cut = full.cropped(
      top: frame.top, left: frame.left, height: frame.height, width: frame.width)
    return frame.isMirrored ? cut.flippedHorizontally() : cut
  }
}

extension LabelImage {
  /// The cut of a map, resized by picking pixels.
  public func framed(_ frame: Frame) -> LabelImage {
    let full = resized(height: frame.full.height, width: frame.full.width)
    let cut = full.cropped(
      top: frame.top, left: frame.left, height: frame.height, width: frame.width)
    return frame.isMirrored ? cut.flippedHorizontally() : cut
  }
}
