import struct Foundation.URL
import PluginAPI

/// CMP Facades: 606 rectified photographs with maps of twelve classes.
///
/// Provides the photograph (target), the label map, and the label map painted in the data set's
/// colours (source), which pix2pix takes as its condition. Training enlarges to 286/256 of the side
/// (bicubic), crops at random and mirrors half of the samples; labels follow with nearest pixels.
/// Validation only resizes. Source: arXiv:1611.07004, section 6.2 and its code.
struct FacadesDataset: Dataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Folder with train/ and val/, or with photographs beside label PNGs.")
    var folder = "data/facades"
    @Hyperparameter("Side of the images in pixels.", in: 16...1024)
    var side = 256
    @Hyperparameter("Side before the random crop, as a multiple of the side.", in: 1...2)
    var enlargement: Float = 286.0 / 256.0
    @Hyperparameter("Mirror half of the training samples.")
    var mirror = true
  }

  private let framing: Framing
  private let contents: Result<FacadeFolder, any Error>

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    let side = hyperparameters.side
    framing = Framing(
      height: side, width: side, enlargement: hyperparameters.enlargement,
      mirror: hyperparameters.mirror)
    contents = Result { try FacadeFolder(hyperparameters.folder) }
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let side = hyperparameters.side
    return [
      .image("image", side: side, role: .target),
      .labelMap("labels", classes: Palette.facades.names.count, side: side),
      .image("painting", side: side, role: .source),
    ]
  }

  var palette: Palette? { .facades }

  func count(of split: Split) throws -> Int { try items(split).count }

  func sample(_ index: Int, of split: Split, using random: inout RandomStream) throws -> Sample {
    var (photograph, labels) = try read(items(split)[index])
    let frame = split == .train ? framing.drawn(using: &random) : framing.whole
    photograph = photograph.framed(frame)
    labels = labels.framed(frame)
    let side = framing.width
    return [
      "image": Field(photograph.scalars, shape: [side, side, 3]),
      "labels": Field(labels.scalars, shape: [side, side]),
      "painting": Field(Palette.facades.colored(labels).scalars, shape: [side, side, 3]),
    ]
  }

  /// The right half of a pair has to be a painting: its colours lie near those of the palette.
  ///
  /// In the original files at most 28 % of a painting's pixels, at the blurred edges between classes,
  /// are further than 70 from every colour; of a photograph's pixels at least 98 % are.
  func check(_ index: Int, of split: Split) throws {
    guard case .pair(let path) = try items(split)[index] else { return }
    let both = try Image(contentsOf: URL(fileURLWithPath: path), channels: 3)
    let side = both.height
    let painting = both.cropped(top: 0, left: side, height: side, width: side)
    let share = Palette.facades.shareFar(from: painting, distance: 70)
    if share > 0.6 { throw FacadesError.notPainted(path, percent: Int((share * 100).rounded())) }
  }

  private func items(_ split: Split) throws -> [FacadeFolder.Item] {
    let folder = try contents.get()
    return split == .train ? folder.train : folder.validation
  }

  private func read(_ item: FacadeFolder.Item) throws -> (Image, LabelImage) {
    switch item {
    case .pair(let path):
      let both = try Image(contentsOf: URL(fileURLWithPath: path), channels: 3)
      guard both.width == 2 * both.height else {
        throw FacadesError.notAPair(path, height: both.height, width: both.width)
      }
      let side = both.height
      let painting = both.cropped(top: 0, left: side, height: side, width: side)
      return (
        both.cropped(top: 0, left: 0, height: side, width: side),
        Palette.facades.labels(of: painting)
      )
    case .base(let photograph, let labels):
      let image = try Image(contentsOf: URL(fileURLWithPath: photograph), channels: 3)
      let map = try LabelImage(contentsOf: URL(fileURLWithPath: labels))
      guard (image.height, image.width) == (map.height, map.width) else {
        throw FacadesError.otherSizes(
          labels, photograph: "\(image.width)x\(image.height)",
          labels: "\(map.width)x\(map.height)")
      }
      if let wrong = map.labels.first(where: { !(1...12).contains($0) }) {
        throw FacadesError.labelOutside(labels, found: Int(wrong))
      }
      return (image, map.mapped(by: [0] + Array(0..<12)))
    }
  }
}
