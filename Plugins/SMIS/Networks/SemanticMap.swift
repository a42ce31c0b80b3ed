import PluginAPI

/// How labels, and edges between instances, become the map that norms and first layers read.
package struct SemanticMap {
  /// Number of classes C.
  package let classes: Int
  /// Whether there is a map of edges beside the labels.
  package let hasEdges: Bool
  /// Whether each class's plane is followed by the edges (2C planes) instead of all of them (C + 1).
  package let isInterleaved: Bool

  package init(classes: Int, hasEdges: Bool, isInterleaved: Bool) {
    self.classes = classes
    self.hasEdges = hasEdges
    self.isInterleaved = isInterleaved
  }

  /// The number of planes.
  package var channels: Int {
    guard hasEdges else { return classes }
    return isInterleaved ? 2 * classes : classes + 1
  }

  /// The planes of `labels [N, H, W]` and `edges [N, H, W, 1]`: `[N, H, W, channels]`.
  ///
  /// Without edges the planes stay unwritten, and convolutions sum rows of their weights.
  package func planes(_ labels: Tensor, _ edges: Tensor?) -> Tensor {
    let planes = labels.oneHot(classes: classes)
    guard hasEdges, let edges else { return planes }
    guard isInterleaved else { return .concatenated([planes, edges], axis: 3) }
    let repeated = edges.broadcast(to: planes.shape)
    let shape = Array(planes.shape.dropLast()) + [channels]
    return Tensor.stacked([planes, repeated], axis: 4).reshaped(shape)
  }
}
