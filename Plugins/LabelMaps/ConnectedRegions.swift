import PluginAPI

extension LabelImage {
  /// Numbers the regions of pixels of one class that touch along their sides, from 1 in the order of
  /// their first pixels; small ones, and those past the 65535th, get 0.
  ///
  /// - Parameters:
  ///   - classes: the class of each pixel, row by row.
  ///   - height: the rows.
  ///   - width: the columns.
  ///   - leastPixels: the size from which a region counts.
  init(regionsOf classes: [Float], height: Int, width: Int, leastPixels: Int) {
    var numbers = [UInt16](repeating: 0, count: classes.count)
    var seen = [Bool](repeating: false, count: classes.count)
    var next: UInt16 = 0
    var region: [Int] = []
    for start in classes.indices where !seen[start] {
      region.removeAll(keepingCapacity: true)
      region.append(start)
      seen[start] = true
      var done = 0
      while done < region.count {
        let pixel = region[done]
        done += 1
        let column = pixel % width
        for (neighbour, exists) in [
          (pixel - 1, column > 0), (pixel + 1, column + 1 < width), (pixel - width, pixel >= width),
          (pixel + width, pixel + width < classes.count),
        ] where exists && !seen[neighbour] && classes[neighbour] == classes[start] {
          seen[neighbour] = true
          region.append(neighbour)
        }
      }
      guard region.count >= leastPixels, next < .max else { continue }
      next += 1
      for pixel in region { numbers[pixel] = next }
    }
    self.init(height: height, width: width, labels: numbers)
  }
}
