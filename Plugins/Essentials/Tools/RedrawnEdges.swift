import PluginAPI

/// Edges between instances after an edit of the label map.
///
/// A pixel whose label and neighbours' labels (above, below, left, right) are as before keeps what it
/// was. Elsewhere it is an edge where its label is not a neighbour's: labels do not tell instances
/// of one class that touch.
///
/// - Parameters:
///   - edges: those before, `[1, H, W, 1]`.
///   - before: the label map before, `[1, H, W]`.
///   - after: the label map after, `[1, H, W]`.
/// - Returns: `[1, H, W, 1]`, 1 on edges, else 0.
func redrawn(edges: Tensor, from before: Tensor, to after: Tensor) -> Tensor {
  let (height, width) = (after.shape[1], after.shape[2])
  let (old, labels) = (before.scalars(), after.scalars())
  var result = edges.scalars()
  for row in 0..<height {
    for column in 0..<width {
      let place = row * width + column
      var neighbours: [Int] = []
      if row > 0 { neighbours.append(place - width) }
      if row + 1 < height { neighbours.append(place + width) }
      if column > 0 { neighbours.append(place - 1) }
      if column + 1 < width { neighbours.append(place + 1) }
      if ([place] + neighbours).contains(where: { old[$0] != labels[$0] }) {
        result[place] = neighbours.contains { labels[$0] != labels[place] } ? 1 : 0
      }
    }
  }
  return Tensor(result, edges.shape)
}
