/// What is known of one bird in a picture.
///
/// Coordinates are pixels, x to the right and y downwards, from the picture's upper left corner; the
/// middle of the first pixel is (0.5, 0.5).
public struct Figure: Sendable, Hashable {
  /// Where each ``Keypoint`` lies, by its number; nil where something hides it or it is outside.
  public let keypoints: [Point?]
  /// Smallest box around the bird's pixels: x, y, width, height; all 0 where none is visible.
  public let box: SIMD4<Float>

  /// - Parameters:
  ///   - keypoints: one place per case of ``Keypoint``.
  ///   - box: x, y, width, height.
  public init(keypoints: [Point?], box: SIMD4<Float>) {
    precondition(
      keypoints.count == Keypoint.allCases.count,
      "[Figure] found \(keypoints.count) key points, expected \(Keypoint.allCases.count)")
    self.keypoints = keypoints
    self.box = box
  }

  /// The place of a key point.
  public subscript(keypoint: Keypoint) -> Point? { keypoints[keypoint.rawValue] }
}
