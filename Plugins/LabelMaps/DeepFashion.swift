import PluginAPI

/// Photographs of persons with maps of eight classes of clothing and body.
///
/// `train/` and `test/` hold photographs, `cihp_train_mask/` and `cihp_test_mask/` label maps of the
/// same names, as published with arXiv:2003.12697. In which order its ids stand is not published; the
/// names here are in the order in which the paper lists the classes, after the background.
struct DeepFashion: SceneDataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Folder with train/, test/, cihp_train_mask/ and cihp_test_mask/.")
    var folder = "data/deepfashion"
    @Hyperparameter("Side of the images in pixels.", in: 16...1024)
    var side = 256
    @Hyperparameter("merged: ids 0...7 as published; cihp: the 20 of human parsing, merged here.")
    var masks = Masks.merged
    @Hyperparameter("Side before the random crop, as a multiple of the side.", in: 1...2)
    var enlargement: Float = 1
    @Hyperparameter("Mirror half of the training samples.")
    var mirror = true
  }

  enum Masks: String, CaseIterable, HyperparameterValue { case merged, cihp }

  let reader: SceneReader

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    let folder = hyperparameters.folder
    reader = SceneReader(
      labels: hyperparameters.masks == .merged ? LabelCode(count: 8) : .humanParsing,
      framing: Framing(
        height: hyperparameters.side, width: hyperparameters.side,
        enlargement: hyperparameters.enlargement, mirror: hyperparameters.mirror)
    ) { try DeepFashion.scenes(in: folder, of: $0) }
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    SceneReader.ports(
      height: hyperparameters.side, width: hyperparameters.side, classes: 8)
  }

  var palette: Palette? { .deepFashion }

  private static func scenes(in folder: String, of split: Split) throws -> [Scene] {
    let root = try DataFolder(
      folder, expected: "train/ beside cihp_train_mask/", cure: SceneFiles.otherFolder)
    let name = split == .train ? "train" : "test"
    let photographs = try root.inside(name)
    let masks = try root.inside("cihp_\(name)_mask")
    return try SceneFiles.scenes(
      SceneFiles(
        "photograph", in: photographs.path, among: photographs.names(),
        endings: SceneFiles.pictures),
      SceneFiles("label map", in: masks.path, among: masks.names(), endings: [".png"]), nil)
  }
}

extension Palette {
  fileprivate static let deepFashion = Palette(
    lines: """
      000000 background
      8C5A28 hair
      FFD2AA face
      F0A082 skin
      DC3C3C top clothes
      3C6EDC bottom clothes
      A0DC50 socks
      503C78 shoes
      """)
}

extension LabelCode {
  /// The twenty classes of CIHP and LIP as the eight; where the paper says nothing, what is nearest:
  /// a hat counts as hair, sunglasses as face, gloves as skin, dress, coat and scarf as top clothes.
  fileprivate static let humanParsing = LabelCode(table: [
    0, 1, 1, 3, 2, 4, 4, 4, 6, 5, 3, 4, 5, 2, 3, 3, 3, 3, 7, 7,
  ])
}
