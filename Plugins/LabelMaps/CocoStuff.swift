import PluginAPI

/// Everyday scenes with 182 classes of things and stuff, and the unlabelled (arXiv:1612.03716).
///
/// Read as distributed, `train2017/` beside `stuffthingmaps_trainval2017/train2017/`, or from flat
/// folders, `{train,val}_{img,label,inst}/`, which can have instance maps.
struct CocoStuff: SceneDataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Folder with train2017/ and maps, or with train_img/ and train_label/.")
    var folder = "data/coco"
    @Hyperparameter("Side of the images in pixels.", in: 16...1024)
    var side = 256
    @Hyperparameter("Where instances and their edges come from.")
    var instances = InstanceSource.files
    @Hyperparameter("Most instances with masks of their own; 0 for none.", in: 0...256)
    var listed = 32
    @Hyperparameter("Side before the random crop, as a multiple of the side.", in: 1...2)
    var enlargement: Float = 286.0 / 256.0
    @Hyperparameter("Mirror half of the training samples.")
    var mirror = true
  }

  let reader: SceneReader

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    let (folder, source) = (hyperparameters.folder, hyperparameters.instances)
    reader = SceneReader(
      labels: LabelCode(count: 182, unknown: 255),
      instances: InstanceReading(source, .cocoStuff), listed: hyperparameters.listed,
      framing: Framing(
        height: hyperparameters.side, width: hyperparameters.side,
        enlargement: hyperparameters.enlargement, mirror: hyperparameters.mirror)
    ) { try CocoStuff.scenes(in: folder, of: $0, instances: source == .files) }
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    SceneReader.ports(
      height: hyperparameters.side, width: hyperparameters.side, classes: 183,
      instances: hyperparameters.instances != .none, listed: hyperparameters.listed)
  }

  var palette: Palette? { .cocoStuff }

  private static func scenes(in folder: String, of split: Split, instances: Bool) throws -> [Scene]
  {
    let root = try DataFolder(
      folder,
      expected: "COCO-Stuff, train2017/ beside stuffthingmaps_trainval2017/ or train_img/ "
        + "beside train_label/",
      cure: SceneFiles.otherFolder)
    let name = split == .train ? "train2017" : "val2017"
    guard root.has("train2017") || root.has("stuffthingmaps_trainval2017") else {
      return try root.flatScenes(of: split, instances: instances)
    }
    let maps = try root.inside("stuffthingmaps_trainval2017/\(name)")
    if instances {
      throw DataError(
        maps.path, found: "label maps only",
        expected: "instance maps too, in train_inst/ beside train_img/ and train_label/",
        cure: "Say --set dataset.with.instances=regions to take connected regions of a class, or "
          + "none to do without.")
    }
    let photographs = try root.inside(name)
    return try SceneFiles.scenes(
      SceneFiles("photograph", in: photographs.path, among: photographs.names(), endings: [".jpg"]),
      SceneFiles("label map", in: maps.path, among: maps.names(), endings: [".png"]), nil)
  }
}

extension InstanceCode {
  /// The first classes are of things, numbered within a photograph; stuff has its label.
  fileprivate static let cocoStuff = InstanceCode(
    none: 255, expected: "labels 91...181 and 255 as in the label map, and below 91 any numbers"
  ) { number, label in
    number < 91 || number == label
  }
}
