/// A picture in the making: colour, label map and instance map of one square image.
///
/// Paths are filled with exact area coverage: each edge adds its signed area to an accumulation
/// row, whose running sum is the coverage of the pixels (the method of font rasterisers such as
/// stb_truetype 2 and font-rs). Colour is blended by coverage; a pixel takes an object's label once
/// the object's fills together cover at least half of it.
///
/// This is the one file of the plugin that uses unsafe memory: the inner loops run over each pixel
/// of each of several hundred shapes, and the buffers live exactly as long as the canvas.
final class Canvas {
  let side: Int

  private let count: Int
  private let pixels: UnsafeMutablePointer<SIMD4<Float>>
  private let backdrop: UnsafeMutablePointer<SIMD4<Float>>
  private let mask: UnsafeMutablePointer<Float>
  private let area: UnsafeMutablePointer<Float>
  private let labels: UnsafeMutablePointer<UInt8>
  private let instances: UnsafeMutablePointer<UInt8>
  private let owner: UnsafeMutablePointer<UInt16>
  private let owned: UnsafeMutablePointer<Float>
  private var objects: UInt16 = 0
  private var layer: Box?

  /// What fills made for one object leave in the annotation maps.
  struct Mark {
    let label: UInt8
    let instance: UInt8
    fileprivate let object: UInt16
  }

  /// Half-open rectangle of pixels.
  struct Box {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
  }

  /// A canvas whose pixels are all black, of label 0 and no instance.
  init(side: Int) {
    self.side = side
    count = side * side
    pixels = .allocate(capacity: count)
    backdrop = .allocate(capacity: count)
    mask = .allocate(capacity: count)
    area = .allocate(capacity: (side + 3) * side)
    labels = .allocate(capacity: count)
    instances = .allocate(capacity: count)
    owner = .allocate(capacity: count)
    owned = .allocate(capacity: count)
    pixels.initialize(repeating: SIMD4(0, 0, 0, 1), count: count)
    backdrop.initialize(repeating: SIMD4(), count: count)
    mask.initialize(repeating: 0, count: count)
    area.initialize(repeating: 0, count: (side + 3) * side)
    labels.initialize(repeating: 0, count: count)
    instances.initialize(repeating: 0, count: count)
    owner.initialize(repeating: 0, count: count)
    owned.initialize(repeating: 0, count: count)
  }

  deinit {
    pixels.deallocate()
    backdrop.deallocate()
    mask.deallocate()
    area.deallocate()
    labels.deallocate()
    instances.deallocate()
    owner.deallocate()
    owned.deallocate()
  }

  /// Begins an object: fills that carry the mark count together towards its label.
  func object(_ label: Label, instance: Int = 0) -> Mark {
    objects += 1
    return Mark(label: label.rawValue, instance: UInt8(instance), object: objects)
  }

  /// Fills a path; without a mark the label and instance maps stay as they are.
  func fill(_ path: Path, _ paint: Paint, as mark: Mark? = nil) {
    guard let box = accumulate(path) else { return }
    let stride = box.right - box.left + 2
    for y in box.top..<box.bottom {
      let row = area + (y - box.top) * stride
      var sum: Float = 0
      for x in box.left..<box.right {
        sum += row[x - box.left]
        let coverage = min(abs(sum), 1)
        guard coverage > 0.004 else { continue }
        let i = y * side + x
        if layer != nil, mask[i] <= 0 { continue }
        let color = paint.color(Point(Float(x) + 0.5, Float(y) + 0.5))
        pixels[i] += (color - pixels[i]) * (coverage * color.w)
        if let mark { claim(i, mark, coverage) }
      }
    }
  }

  /// Fills a path with one flat colour.
  func fill(_ path: Path, _ color: Color, as mark: Mark? = nil) {
    fill(path, Paint(color), as: mark)
  }

  /// Confines what `draw` fills to the inside of a path, whose edge stays smooth however many fills
  /// touch it: the drawing is blended over the picture once, by the path's coverage.
  func inside(_ path: Path, _ draw: () -> Void) {
    precondition(layer == nil, "[canvas] layers do not nest")
    guard let box = accumulate(path) else { return }
    let stride = box.right - box.left + 2
    for y in box.top..<box.bottom {
      let row = area + (y - box.top) * stride
      var sum: Float = 0
      for x in box.left..<box.right {
        sum += row[x - box.left]
        mask[y * side + x] = min(abs(sum), 1)
        backdrop[y * side + x] = pixels[y * side + x]
      }
    }
    layer = box
    draw()
    layer = nil
    for y in box.top..<box.bottom {
      for i in (y * side + box.left)..<(y * side + box.right) {
        pixels[i] = backdrop[i] + (pixels[i] - backdrop[i]) * mask[i]
      }
    }
  }

  /// Gives the pixel to the mark's object once the object covers half of it.
  @inline(__always)
  private func claim(_ i: Int, _ mark: Mark, _ coverage: Float) {
    var seen = coverage
    if layer != nil { seen *= mask[i] }
    if owner[i] == mark.object { seen += (1 - seen) * owned[i] }
    owner[i] = mark.object
    owned[i] = seen
    guard seen >= 0.5 else { return }
    labels[i] = mark.label
    instances[i] = mark.instance
  }

  /// Writes the signed areas of a path's edges; returns the pixels that may be covered, or nil.
  private func accumulate(_ path: Path) -> Box? {
    guard let (low, high) = path.bounds else { return nil }
    let limit = layer ?? Box(left: 0, top: 0, right: side, bottom: side)
    guard high.x > Float(limit.left), high.y > Float(limit.top),
      low.x < Float(limit.right), low.y < Float(limit.bottom)
    else { return nil }
    let box = Box(
      left: max(limit.left, Int(max(low.x, -1))), top: max(limit.top, Int(max(low.y, -1))),
      right: min(limit.right, Int(min(high.x, 4096)) + 1),
      bottom: min(limit.bottom, Int(min(high.y, 4096)) + 1))
    let width = box.right - box.left
    let height = box.bottom - box.top
    guard width > 0, height > 0 else { return nil }
    area.update(repeating: 0, count: (width + 2) * height)
    let shift = Point(Float(box.left), Float(box.top))
    path.points.withUnsafeBufferPointer { points in
      var start = 0
      for end in path.ends {
        var previous = points[end - 1] - shift
        for i in start..<end {
          let point = points[i] - shift
          edge(previous, point, width, height)
          previous = point
        }
        start = end
      }
    }
    return box
  }

  @inline(__always)
  private func edge(_ a: Point, _ b: Point, _ width: Int, _ height: Int) {
    guard a.y != b.y else { return }
    let down = a.y < b.y
    let sign: Float = down ? 1 : -1
    let top = down ? a : b
    let bottom = down ? b : a
    guard bottom.y > 0, top.y < Float(height) else { return }
    let slope = (bottom.x - top.x) / (bottom.y - top.y)
    let limit = Float(width)
    var x = top.y < 0 ? top.x - top.y * slope : top.x
    let first = Int(max(top.y, 0))
    let last = min(height, Int(bottom.y.rounded(.up)))
    var y = first
    while y < last {
      let row = area + y * (width + 2)
      let dy = min(Float(y + 1), bottom.y) - max(Float(y), top.y)
      let next = x + slope * dy
      span(row, dy * sign, min(max(min(x, next), 0), limit), min(max(max(x, next), 0), limit))
      x = next
      y += 1
    }
  }

  /// Spreads the signed height `d` of an edge that crosses one row between `x0` and `x1`.
  @inline(__always)
  private func span(_ row: UnsafeMutablePointer<Float>, _ d: Float, _ x0: Float, _ x1: Float) {
    let first = Int(x0)
    let ceiling = x1.rounded(.up)
    let last = Int(ceiling)
    let f0 = x0 - Float(first)
    if last <= first + 1 {
      let part = d * (0.5 * (x0 + x1) - Float(first))
      row[first] += d - part
      row[first + 1] += part
      return
    }
    let s = 1 / (x1 - x0)
    let head = 0.5 * s * (1 - f0) * (1 - f0)
    let f1 = x1 - ceiling + 1
    let tail = 0.5 * s * f1 * f1
    row[first] += d * head
    if last == first + 2 {
      row[first + 1] += d * (1 - head - tail)
    } else {
      let second = s * (1.5 - f0)
      row[first + 1] += d * (second - head)
      for x in (first + 2)..<(last - 1) { row[x] += d * s }
      row[last - 1] += d * (1 - (second + Float(last - first - 3) * s) - tail)
    }
    row[last] += d * tail
  }
}

extension Canvas {
  /// Adds fine paper grain: each pixel's brightness moves by at most `amount`.
  func grain(_ amount: Float, seed: UInt64) {
    var state = seed
    for i in 0..<count {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z ^= z >> 27
      let value = (Float(UInt32(truncatingIfNeeded: z) >> 8) * 0x1p-23 - 1) * amount
      pixels[i] += SIMD4(value, value, value, 0)
    }
  }

  /// The picture as 8-bit red, green, blue, `side · side · 3` bytes, row by row.
  func bytes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count * 3) { buffer, initialized in
      for i in 0..<count {
        let value = (pixels[i] * 255 + 0.5).clamped(
          lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
        buffer[3 * i] = UInt8(value.x)
        buffer[3 * i + 1] = UInt8(value.y)
        buffer[3 * i + 2] = UInt8(value.z)
      }
      initialized = count * 3
    }
  }

  /// The label of each pixel, row by row.
  func labelMap() -> [UInt8] { Array(UnsafeBufferPointer(start: labels, count: count)) }

  /// The instance of each pixel, row by row; 0 where there is none.
  func instanceMap() -> [UInt8] { Array(UnsafeBufferPointer(start: instances, count: count)) }
}
