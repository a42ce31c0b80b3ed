import PluginAPI

/// One image a class: what the class covers, and zeros elsewhere.
///
/// With `crops` the box around each class's pixels is stretched to the whole image (nearest
/// neighbour, without regard to its proportions). A class that is absent has an image of zeros.
/// Pixels that are zero in every channel do not widen the box.
///
/// - Parameters:
///   - image: `[N, H, W, 3]`, differentiable.
///   - labels: `[N, H, W]`, of the image's size; numbers outside 0..<classes belong to none.
///   - classes: the number of classes.
///   - crops: whether boxes are stretched.
/// - Returns: `[N, H, W, 3·classes]`, class after class.
package func classSplit(
  _ image: Tensor, _ labels: Tensor, classes: Int, crops: Bool
) -> Tensor {
  let (count, height, width, channels) = (
    image.shape[0], image.shape[1], image.shape[2], image.shape[3]
  )
  precondition(
    labels.shape == [count, height, width],
    "[classSplit] labels \(labels.shape) for image \(image.shape), expected its first three sizes")
  let area = height * width
  guard count > 0 else { return .zeros([0, height, width, classes * channels]) }
  let numbers = labels.scalars()
  let colors = image.detached().scalars()
  let samples = (0..<count).map { sample in
    let pixels = sample * area..<(sample + 1) * area
    let places = sourcePlaces(
      labels: numbers[pixels],
      isZero: pixels.map { pixel in
        colors[pixel * channels..<(pixel + 1) * channels].allSatisfy { $0 == 0 }
      },
      size: Size2(height, width), classes: classes, crops: crops)
    let own = image.sliced(axis: 0, from: sample, to: sample + 1).reshaped([area, channels])
    let table = Tensor.concatenated([own, .zeros([1, channels])], axis: 0)
    return table.gathered(rows: Tensor(places, [height, width, classes]))  // [H, W, C, 3]
  }
  return Tensor.stacked(samples, axis: 0).reshaped([count, height, width, classes * channels])
}

/// For each pixel and class the pixel that is seen there, or the row of zeros behind the last one.
private func sourcePlaces(
  labels: ArraySlice<Float>, isZero: [Bool], size: Size2, classes: Int, crops: Bool
) -> [Float] {
  let (height, width) = (size.height, size.width)
  let owners = labels.map { $0 >= 0 && $0 < Float(classes) ? Int($0) : -1 }
  var boxes = [(rows: Range<Int>, columns: Range<Int>)?](repeating: nil, count: classes)
  for y in 0..<height {
    for x in 0..<width where owners[y * width + x] >= 0 && !isZero[y * width + x] {
      let owner = owners[y * width + x]
      let box = boxes[owner] ?? (y..<y + 1, x..<x + 1)
      boxes[owner] = (
        min(box.rows.lowerBound, y)..<max(box.rows.upperBound, y + 1),
        min(box.columns.lowerBound, x)..<max(box.columns.upperBound, x + 1)
      )
    }
  }
  var places = [Float](repeating: Float(height * width), count: height * width * classes)
  for (owner, box) in boxes.enumerated() {
    guard let box else { continue }
    let rows = nearest(crops ? box.rows : 0..<height, count: height)
    let columns = nearest(crops ? box.columns : 0..<width, count: width)
    for y in 0..<height {
      for x in 0..<width {
        let place = rows[y] * width + columns[x]
        if owners[place] == owner { places[(y * width + x) * classes + owner] = Float(place) }
      }
    }
  }
  return places
}

/// The positions that `count` pixels stretched over a range show, rounded as PyTorch does.
private func nearest(_ range: Range<Int>, count: Int) -> [Int] {
  let step = Float(range.count) / Float(count)
  return (0..<count).map { range.lowerBound + min(Int(Float($0) * step), range.count - 1) }
}
