import PluginAPI

/// Pictures of a disc before a plain ground, made on the spot, with label maps: 0 ground, 1 disc.
///
/// A sample depends on its number and its split only. Datasets are asked from several threads at
/// once, so they hold no state that changes; they make `Field`s, not tensors.
struct Discs: Dataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Side of the pictures in pixels.", in: 8...256)
    var side = 32
    @Hyperparameter("Number of training samples.", in: 1...1_000_000)
    var trainCount = 1000
  }

  private let side: Int
  private let trainCount: Int

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let side = hyperparameters.side
    return [
      .image("image", side: side, role: .target), .labelMap("labels", classes: 2, side: side),
    ]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    side = hyperparameters.side
    trainCount = hyperparameters.trainCount
  }

  /// For pictures of label maps.
  var palette: Palette? { Palette([("ground", RGB(40, 60, 90)), ("disc", RGB(230, 180, 60))]) }

  func count(of split: Split) -> Int { split == .train ? trainCount : 64 }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample {
    var draws = RandomStream(seed: UInt64(index), stream: "discs.\(split.rawValue)")
    func draw(_ range: ClosedRange<Float>) -> Float {
      let share = Float(draws.next() >> 40) / Float(1 << 24)
      return range.lowerBound + share * (range.upperBound - range.lowerBound)
    }
    let length = Float(side)
    let (x, y) = (draw(0.3...0.7) * length, draw(0.3...0.7) * length)
    let radius = draw(0.1...0.3) * length
    let ground = [draw(-1...0), draw(-1...0), draw(-1...0)]
    let disc = [draw(0...1), draw(0...1), draw(0...1)]

    var (image, labels) = ([Float](), [Float]())
    for row in 0..<side {
      for column in 0..<side {
        let (dx, dy) = (Float(column) + 0.5 - x, Float(row) + 0.5 - y)
        let isDisc = dx * dx + dy * dy <= radius * radius
        image += isDisc ? disc : ground
        labels.append(isDisc ? 1 : 0)
      }
    }
    return [
      "image": Field(image, shape: [side, side, 3]), "labels": Field(labels, shape: [side, side]),
    ]
  }
}
