import PluginAPI

/// How often a decoder doubles the size of its latent map.
package enum Upsampling: String, CaseIterable, HyperparameterValue {
  /// Five times.
  case normal
  /// Six times.
  case more
  /// Seven times, the last before a block of its own.
  case most

  /// The number of doublings.
  package var doublings: Int {
    switch self {
    case .normal: 5
    case .more: 6
    case .most: 7
    }
  }

  /// `more` from 256 pixels of width on, as published, else `normal`.
  package static func usual(_ size: Size2) -> Upsampling { size.width >= 256 ? .more : .normal }

  /// The size of the latent map of images of `size`.
  ///
  /// - Throws: `ConfigurationError` where doublings don't lead from whole numbers to it.
  package func latentSize(_ size: Size2) throws -> Size2 {
    let factor = 1 << doublings
    guard size.height % factor == 0, size.width % factor == 0 else {
      let near = Size2(size.height.raised(to: factor), size.width.raised(to: factor))
      throw ConfigurationError(
        "images are \(size); with upsampling \(rawValue), \(doublings) doublings, height and width "
          + "must be multiples of \(factor), such as \(near)")
    }
    return Size2(size.height / factor, size.width / factor)
  }
}

/// The numbers of channels and groups of a decoder's seven blocks, checked.
package struct DecoderShape {
  /// Channels before each block, and after the last.
  package let channels: [Int]
  /// Groups of each block.
  package let groups: [Int]

  /// Finds channels for a width.
  ///
  /// Every number of channels is raised to a multiple of the groups on both sides of it, which
  /// changes none of the published ones.
  ///
  /// - Parameters:
  ///   - width: channels of the last block, f.
  ///   - groups: of the seven blocks; by default those published, or found by the same rule.
  ///   - norms: what channels must suit besides.
  /// - Throws: `ConfigurationError` where group numbers can't work.
  package init(width: Int, groups: [Int]?, norms: CGNorm) throws {
    let (variant, classes) = (norms.variant, norms.map.classes)
    let groups = groups ?? Self.usualGroups(variant, classes: classes)
    try Self.check(groups, norms)
    let planned: [Int]
    if variant == .ade20k {
      planned = [16 * classes, 16 * classes] + [32, 16, 16, 8, 4, 2].map { $0 * width }
    } else {
      planned = [16, 16, 16, 16, 8, 4, 2, 1].map { $0 * width }
    }
    channels = planned.enumerated().map { index, count in
      let before = groups[max(index - 1, 0)]
      let after = index < groups.count ? groups[index] : 1
      let step = leastCommonMultiple(leastCommonMultiple(before, after), norms.multiple)
      return count.raised(to: step)
    }
    self.groups = groups
  }

  /// The published group numbers, or for other numbers of classes C those that come closest: one a class
  /// in two layers, then falling to one by divisors.
  ///
  ///     C, C, C/2, C/2, C/4, C/4, 1        where these are whole
  ///
  /// The printed rule, each as many as the next or twice as many, is kept up to the last block, in
  /// which the classes meet; it could be kept there only where C/4 is 1 or 2.
  static func usualGroups(_ variant: Variant, classes: Int) -> [Int] {
    switch variant {
    case .cityscapes where classes == 35: return [35, 35, 20, 14, 10, 4, 1]
    case .ade20k:
      let largest = 1 << (Int.bitWidth - 1 - classes.leadingZeroBitCount)
      return [classes] + [16, 16, 8, 4, 2, 1].map { min($0, largest) }
    default:
      let half = largestDivisor(of: classes, atMost: classes / 2)
      let quarter = largestDivisor(of: half, atMost: half / 2)
      return [classes, classes, half, half, quarter, quarter, 1]
    }
  }

  private static func largestDivisor(of number: Int, atMost limit: Int) -> Int {
    (1...max(limit, 1)).last { number % $0 == 0 } ?? 1
  }

  private static func check(_ groups: [Int], _ norms: CGNorm) throws {
    let usual = usualGroups(norms.variant, classes: norms.map.classes)
    guard groups.count == 7 else {
      throw ConfigurationError(
        "groups \(groups) has \(groups.count) numbers, expected one for each of the seven blocks, "
          + "such as \(usual)")
    }
    if let number = groups.first(where: { $0 < 1 || $0 > norms.map.classes }) {
      throw ConfigurationError(
        "groups \(groups) has \(number), expected 1 to \(norms.map.classes), the number of classes")
    }
    if let (before, after) = zip(groups, groups.dropFirst()).first(where: { $0 < $1 }) {
      throw ConfigurationError(
        "groups \(groups) rise from \(before) to \(after); they must fall or stay, as in \(usual)")
    }
    try checkMap(groups, norms)
  }

  /// Where norms split the map into the groups of their layer, whole parts must come out.
  private static func checkMap(_ groups: [Int], _ norms: CGNorm) throws {
    let map = norms.map
    if norms.variant == .ade20k, map.hasEdges {
      throw ConfigurationError(
        "edges: variant ade20k reads labels only; use deepfashion or cityscapes")
    }
    guard norms.variant == .deepfashion else { return }
    if let number = groups.first(where: { map.channels % $0 != 0 }) {
      let cure =
        map.hasEdges
        ? "with edges use variant cityscapes, or groups of 1"
        : "use divisors of \(map.classes), or variant cityscapes or ade20k"
      throw ConfigurationError(
        "groups \(groups): \(number) groups do not divide the \(map.channels) planes of the label "
          + "map, which variant deepfashion splits; \(cure)")
    }
  }
}
