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

  private static func isWords(_ name: String, _ tensor: Tensor) -> Bool {
    name.hasSuffix(".features") && tensor.rank == 3
  }
}
