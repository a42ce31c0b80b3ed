/// One line of rows.json: an op at the sizes at which a network uses it.
struct Row: Decodable {
  let name: String
  let op: String
  let inputs: [Input]
  var stride: Int?
  var padding: Int?
  var groups: Int?
  var classes: Int?
  /// The length of a recurrent layer's state.
  var hidden: Int?
  /// How many parameters an optimizer steps.
  var tensors: Int?

  /// Whether there is something to differentiate.
  var hasBackward: Bool { inputs.contains(where: \.hasGradient) && op != "adam" }
}

/// One argument of an op: `{ "image": [4, 128, 128, 64] }`.
struct Input: Decodable {
  enum Kind: String {
    /// `[N, H, W, C]`, differentiated.
    case image
    /// `[N, H, W, C]`, not differentiated.
    case fixed, stream
    /// A convolution's weight, new in every round.
    case weight
    /// Whole numbers `[N, H, W]`.
    case labels
    /// Any shape, differentiated.
    case plain
  }

  let kind: Kind
  let shape: [Int]

  init(from decoder: any Decoder) throws {
    let entry = try decoder.singleValueContainer().decode([String: [Int]].self).first
    guard let (name, shape) = entry, let kind = Kind(rawValue: name) else {
      fatalError("an input of rows.json is no kind with a shape")
    }
    self.kind = kind
    self.shape = shape
  }

  var hasGradient: Bool { [.image, .weight, .plain].contains(kind) }

  /// The same numbers as the PyTorch program's: uniform in -1..<1, weights so that sizes stay.
  func numbers(seed: Int) -> [Float] {
    let count = shape.reduce(1, *)
    let fanIn = shape.dropFirst().reduce(1, *)
    let scale = kind == .weight ? (3 / Float(fanIn)).squareRoot() : 1
    return Input.numbers(count, seed: seed, scale: scale)
  }

  /// Hashes of 0, 1, 2, ….
  static func hashes(_ count: Int, seed: Int) -> some Sequence<UInt32> {
    (0..<UInt32(count)).lazy.map { index in
      var hash = index &* 2_654_435_761 &+ UInt32(seed) &* 7919
      hash ^= hash >> 16
      hash = hash &* 0x45d9_f3b5
      return hash ^ hash >> 16
    }
  }

  static func numbers(_ count: Int, seed: Int, scale: Float = 1) -> [Float] {
    hashes(count, seed: seed).map { (Float($0 >> 8) / 8_388_608 - 1) * scale }
  }

  /// The same for labels below `classes`.
  static func labels(_ count: Int, seed: Int, classes: Int) -> [Float] {
    hashes(count, seed: seed).map { Float((UInt64($0 >> 8) * UInt64(classes)) >> 24) }
  }
}
