import PluginAPI

extension Palette {
  /// The twelve classes in the data set's order, with the colours of its paired form.
  ///
  /// The paired form is JPEG, where colours scatter; these were measured as centres on its training
  /// split. In the base form class `k` is stored as `k + 1`.
  static let facades = Palette([
    ("background", RGB(0, 0, 222)), ("facade", RGB(0, 48, 255)), ("window", RGB(0, 128, 255)),
    ("door", RGB(0, 207, 255)), ("cornice", RGB(32, 255, 223)), ("sill", RGB(112, 255, 143)),
    ("balcony", RGB(192, 255, 63)), ("blind", RGB(255, 239, 0)), ("deco", RGB(255, 159, 0)),
    ("molding", RGB(255, 80, 0)), ("pillar", RGB(255, 0, 0)), ("shop", RGB(175, 0, 0)),
  ])
}

extension Palette {
  /// The share of an image's pixels that lie further than `distance` from every colour, in RGB.
  func shareFar(from image: Image, distance: Int) -> Float {
    let nearest = colored(labels(of: image))
    var far = 0
    for start in stride(from: 0, to: image.pixels.count, by: 3) {
      var squares = 0
      for channel in start..<start + 3 {
        let difference = Int(image.pixels[channel]) - Int(nearest.pixels[channel])
        squares += difference * difference
      }
      if squares > distance * distance { far += 1 }
    }
    return Float(far) * 3 / Float(image.pixels.count)
  }
}
