import PluginAPI

/// Converts between the engine's layouts and those of the field's files.
///
/// Maps are `[N, H, W, C]` inside and `[N, C, H, W]` in files; word features `[N, L, C]` and
/// `[N, C, L]`. Everything else, weights included, is the same on both sides.
enum FieldLayout {
  /// From a file.
  static func inside(_ tensor: Tensor, named name: String) -> Tensor {
    if tensor.rank == 4 { return tensor.permuted([0, 2, 3, 1]) }
    return isWords(name, tensor) ? tensor.permuted([0, 2, 1]) : tensor
  }

  /// To a file.
  static func outside(_ tensor: Tensor, named name: String) -> Tensor {
    if tensor.rank == 4 { return tensor.permuted([0, 3, 1, 2]) }
    return isWords(name, tensor) ? tensor.permuted([0, 2, 1]) : tensor
  }

  /// The shape a tensor of this shape has in a file.
  static func outside(_ shape: [Int], named name: String) -> [Int] {
    if shape.count == 4 { return [shape[0], shape[3], shape[1], shape[2]] }
    let isWords = name.hasSuffix(".features") && shape.count == 3
    return isWords ? [shape[0], shape[2], shape[1]] : shape
  }

  private static func isWords(_ name: String, _ tensor: Tensor) -> Bool {
    name.hasSuffix(".features") && tensor.rank == 3
  }
}
