import PluginAPI

/// Scenes of all kinds with 150 classes and a class for the rest (ADEChallengeData2016).
///
/// Every `.jpg` below the folder whose path says `_train_` or `_val_` is a photograph, every `.png`
/// its label map.
struct ADE20K: SceneDataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Folder with images/ and annotations/.")
    var folder = "data/ADEChallengeData2016"
    @Hyperparameter("Side of the images in pixels.", in: 16...1024)
    var side = 256
    @Hyperparameter(
      "rawIds: 0 other, then 1...150, as published weights want; shifted: other last.")
    var classes = Classes.rawIds
    @Hyperparameter("Where instances and their edges come from; there are no files of them.")
    var instances = Source.none
    @Hyperparameter("Most instances with masks of their own; 0 for none.", in: 0...256)
    var listed = 0
    @Hyperparameter("Side before the random crop, as a multiple of the side.", in: 1...2)
    var enlargement: Float = 286.0 / 256.0
    @Hyperparameter("Mirror half of the training samples.")
    var mirror = true
  }

  enum Classes: String, CaseIterable, HyperparameterValue { case rawIds, shifted }
  enum Source: String, CaseIterable, HyperparameterValue { case regions, none }

  let reader: SceneReader
  private let classes: Classes

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    classes = hyperparameters.classes
    let folder = hyperparameters.folder
    reader = SceneReader(
      labels: classes == .rawIds
        ? LabelCode(count: 151) : LabelCode(table: [150] + Array(0..<150)),
      instances: hyperparameters.instances == .regions ? .regions : .none,
      listed: hyperparameters.listed,
      framing: Framing(
        height: hyperparameters.side, width: hyperparameters.side,
        enlargement: hyperparameters.enlargement, mirror: hyperparameters.mirror)
    ) { try ADE20K.scenes(in: folder, of: $0) }
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    SceneReader.ports(
      height: hyperparameters.side, width: hyperparameters.side, classes: 151,
      instances: hyperparameters.instances != .none, listed: hyperparameters.listed)
  }

  var palette: Palette? {
    let raw = Array(zip(Palette.ade20k.names, Palette.ade20k.colors)).map { ($0, $1) }
    return classes == .rawIds ? .ade20k : Palette(Array(raw[1...]) + [raw[0]])
  }

  private static func scenes(in folder: String, of split: Split) throws -> [Scene] {
    let root = try DataFolder(
      folder, expected: "ADEChallengeData2016, images/ beside annotations/",
      cure: SceneFiles.otherFolder)
    let mark = split == .train ? "_train_" : "_val_"
    let names = try root.namesBelow().filter { $0.contains(mark) }
    guard !names.isEmpty else {
      throw DataError(
        folder, found: "no file with \(mark) in its path",
        expected: "photographs such as ADE\(mark)00000001.jpg",
        cure: "Was the archive unpacked completely?")
    }
    return try SceneFiles.scenes(
      SceneFiles("photograph", in: folder, among: names, endings: [".jpg"]),
      SceneFiles("label map", in: folder, among: names, endings: [".png"]), nil)
  }
}
