// A convolution over a one-hot label map multiplies by zero nearly always. What remains is a sum of weight columns,
// one for each tap of the kernel, chosen by the label there. `oneHot` remembers its labels, and `conv2d` comes here
// by itself; the planes are then never written down.

extension Tensor {
  /// The label map that a one-hot tensor was made of, if it is one.
  var labelMap: Tensor? { node == nil ? value.labels.map { Tensor($0) } : nil }
}

/// `conv2d` of the one-hot planes of `labels [N, H, W]`.
func labelConvolution(
  _ labels: Tensor, _ weight: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry
) -> Tensor {
  let table = weight.permuted([2, 3, 1, 0])  // [kH, kW, classes, out]
  let y = labelSum(labels, table, geometry)
  return bias.map { y + $0 } ?? y
}

/// The sum of the table rows that the labels in each window choose.
private func labelSum(
  _ labels: Tensor, _ table: Tensor, _ geometry: ConvolutionGeometry
) -> Tensor {
  Tensor(
    backend.sumLabelRows(labels.storage, table.storage, geometry), shape: geometry.outputShape,
    derivatives: [Derivative(of: table) { g in labelScatter(labels, g, geometry) }])
}

/// The derivative of `labelSum`, which in turn has that as its derivative.
private func labelScatter(
  _ labels: Tensor, _ y: Tensor, _ geometry: ConvolutionGeometry
) -> Tensor {
  let kernel = geometry.kernel
  return Tensor(
    backend.scatterLabelRows(labels.storage, y.storage, geometry),
    shape: [kernel.height, kernel.width, geometry.inChannels, geometry.outChannels],
    derivatives: [Derivative(of: y) { g in labelSum(labels, g, geometry) }])
}
