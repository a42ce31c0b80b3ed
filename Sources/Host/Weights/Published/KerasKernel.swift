/// The weights of Keras's layers, whose axes are in another order than PyTorch's.
///
///     convolution             (kH, kW, in, out)    here (out, in, kH, kW)
///     transposed convolution  (kH, kW, out, in)    here (in, out, kH, kW)
///     dense                   (in, out)            here (out, in)
///
/// A published name that ends as Keras names them says that a file has them so.
enum KerasKernel {
  /// Which axes of a kernel in a file are the first, second, … here; nil for any other tensor.
  static func order(_ name: String, rank: Int) -> [Int]? {
    guard name.hasSuffix("/kernel:0") else { return nil }
    return [2: [1, 0], 4: [3, 2, 0, 1]][rank]
  }

  /// Which axes of a kernel here are the first, second, … in a file; nil for any other tensor.
  static func inverseOrder(_ name: String, rank: Int) -> [Int]? {
    order(name, rank: rank).map { order in
      order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    }
  }
}
