/// A time of day and year: the curated colours of everything around the birds.
struct Mood: Sendable {
  /// Zenith, middle, horizon.
  let sky: (Color, Color, Color)
  /// Lit side and shaded side.
  let cloud: (Color, Color)
  let sun: Color
  /// Far ridge, near ridge.
  let hills: (Color, Color)
  /// Far surface, near surface.
  let water: (Color, Color)
  /// Middle tones; one is drawn for each scene.
  let foliage: [Color]
  /// Middle tones of meadows; one is drawn for each scene.
  let ground: [Color]
  let bark: Color

  private init(
    sky: (UInt32, UInt32, UInt32), cloud: (UInt32, UInt32), sun: UInt32, hills: (UInt32, UInt32),
    water: (UInt32, UInt32), foliage: [UInt32], ground: [UInt32], bark: UInt32
  ) {
    self.sky = (Color(sky.0), Color(sky.1), Color(sky.2))
    self.cloud = (Color(cloud.0), Color(cloud.1))
    self.sun = Color(sun)
    self.hills = (Color(hills.0), Color(hills.1))
    self.water = (Color(water.0), Color(water.1))
    self.foliage = foliage.map { Color($0) }
    self.ground = ground.map { Color($0) }
    self.bark = Color(bark)
  }

  static let all = [day, morning, golden, dusk, mist, spring, autumn]

  static let day = Mood(
    sky: (0x4F9BD9, 0x8CC6EC, 0xDDF0F5), cloud: (0xFFFFFF, 0xC6DBEE), sun: 0xFFF6D8,
    hills: (0x9FC0D4, 0x7FA88F), water: (0x8FC7DD, 0x2F7FA8),
    foliage: [0x4E8F4A, 0x5F9B45, 0x3E8558], ground: [0x8DB35A, 0xA5B45C], bark: 0x7A5A41)
  static let morning = Mood(
    sky: (0x7FB2D8, 0xF0DCCB, 0xFFE9C9), cloud: (0xFFF6EA, 0xEBCDC2), sun: 0xFFF1C4,
    hills: (0xB9BFD0, 0x8FA79F), water: (0xD9D3CB, 0x5B93AE),
    foliage: [0x6B9B54, 0x83A55A, 0x5A8C66], ground: [0xA9B866, 0xC0B673], bark: 0x846350)
  static let golden = Mood(
    sky: (0x6C8FC2, 0xF2B98A, 0xFFDDA0), cloud: (0xFFE6C8, 0xDFA394), sun: 0xFFF0B8,
    hills: (0xC79F9F, 0x8F8079), water: (0xF0C79C, 0x6C86A6),
    foliage: [0x7C8F45, 0x94863F, 0x66804F], ground: [0xC2A857, 0xA9A554], bark: 0x7A4F38)
  static let dusk = Mood(
    sky: (0x46538C, 0xA878A0, 0xF4AC92), cloud: (0xDDA4AE, 0x8B6E9C), sun: 0xFFD9AE,
    hills: (0x80719E, 0x585A84), water: (0xD79AA0, 0x434F80),
    foliage: [0x4B6B63, 0x536A72, 0x5B6B54], ground: [0x74805F, 0x867A62], bark: 0x5A4250)
  static let mist = Mood(
    sky: (0xA9BCC8, 0xC9D6DA, 0xE9ECE4), cloud: (0xF4F5F0, 0xB9C6CC), sun: 0xFBF7E6,
    hills: (0xB3C3C8, 0x8BA39D), water: (0xCBD8D9, 0x6E909C),
    foliage: [0x6A8F70, 0x7F9870, 0x5C8577], ground: [0x98A67A, 0xB0AA80], bark: 0x6C6058)
  static let spring = Mood(
    sky: (0x58B6C9, 0xA8DDD6, 0xF3F5D9), cloud: (0xFFFFFF, 0xCDE6E0), sun: 0xFFF8D0,
    hills: (0x9FCFC4, 0x75B08C), water: (0xA5DCD3, 0x2F8F9C),
    foliage: [0x79B24A, 0xE4A3B4, 0x56A368], ground: [0xA8C95A, 0x8CBF62], bark: 0x87644A)
  static let autumn = Mood(
    sky: (0x6FA7CF, 0xBFDCE2, 0xF8E8C8), cloud: (0xFFFBF2, 0xD3D2D4), sun: 0xFFF0C8,
    hills: (0xBBA9A4, 0xA8835F), water: (0xC4D5D2, 0x4F8399),
    foliage: [0xC9772E, 0xB5532B, 0xD79A35], ground: [0xC9A552, 0xB08A4C], bark: 0x6B4A38)
}

/// How one class of the label map looks: its mood, and the seed of everything that varies within it.
struct Look: Sendable {
  var mood: Mood
  var seed: UInt64

  /// A look in a mood of its own.
  init(_ seed: UInt64) {
    var draws = Draws(seed, 0, 77)
    self.init(draws.pick(Mood.all), seed)
  }

  init(_ mood: Mood, _ seed: UInt64) {
    self.mood = mood
    self.seed = seed
  }

  /// The draws for one purpose.
  func draws(_ stream: UInt64 = 0) -> Draws { Draws(seed, 1, stream) }
}
