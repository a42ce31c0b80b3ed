import PluginAPI

/// The instances in a cut of an instance map, the largest first.
struct Instances {
  /// The instance of each pixel, 1, 2, … by size; 0 where there is none.
  let map: [Float]
  /// The class most of an instance's pixels have, the largest instance first.
  let classes: [Float]

  /// Counts instances.
  ///
  /// - Parameters:
  ///   - numbers: the file's numbers.
  ///   - classes: the classes of the same pixels.
  ///   - none: the number of no instance.
  init(_ numbers: LabelImage, classes: [Float], none: UInt16?) {
    var sizes: [UInt16: Int] = [:]
    var votes: [UInt16: [Float: Int]] = [:]
    for (number, label) in zip(numbers.labels, classes) where number != none {
      sizes[number, default: 0] += 1
      votes[number, default: [:]][label, default: 0] += 1
    }
    let ranked = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    var ranks = [Float](repeating: 0, count: Int(UInt16.max) + 1)
    for (rank, number) in ranked.enumerated() { ranks[Int(number)] = Float(rank + 1) }
    map = numbers.labels.map { ranks[Int($0)] }
    self.classes = ranked.map { number in
      votes[number]?.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    }
  }

  /// The connected regions of 16 pixels of 256x256 or more.
  init(regionsOf classes: [Float], height: Int, width: Int) {
    let regions = LabelImage(
      regionsOf: classes, height: height, width: width,
      leastPixels: max(1, 16 * height * width / (256 * 256)))
    self.init(regions, classes: classes, none: 0)
  }

  /// 1 where a pixel and its neighbour above, below, left or right are of different instances.
  func edges(height: Int, width: Int) -> [Float] {
    var result = [Float](repeating: 0, count: map.count)
    for y in 0..<height {
      for pixel in y * width..<(y + 1) * width {
        if pixel + 1 < (y + 1) * width, map[pixel] != map[pixel + 1] {
          result[pixel] = 1
          result[pixel + 1] = 1
        }
        if y + 1 < height, map[pixel] != map[pixel + width] {
          result[pixel] = 1
          result[pixel + width] = 1
        }
      }
    }
    return result
  }

  /// One mask an instance, `[H, W, count]`, for the `count` largest.
  func masks(_ count: Int) -> [Float] {
    var result = [Float](repeating: 0, count: map.count * count)
    for (pixel, number) in map.enumerated() where number > 0 && number <= Float(count) {
      result[pixel * count + Int(number) - 1] = 1
    }
    return result
  }
}
