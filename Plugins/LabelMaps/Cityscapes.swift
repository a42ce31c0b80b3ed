import PluginAPI

/// Streets of German cities with 35 classes and instances (arXiv:1604.01685).
///
/// Read as distributed, `leftImg8bit/{train,val}/<city>/` beside `gtFine/{train,val}/<city>/`, or from
/// flat folders, `{train,val}_{img,label,inst}/`. Twice as wide as high.
struct Cityscapes: SceneDataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Folder with leftImg8bit/ and gtFine/, or with train_img/ and train_label/.")
    var folder = "data/cityscapes"
    @Hyperparameter("Height of the images in pixels; they are twice as wide.", in: 16...1024)
    var height = 256
    @Hyperparameter("All 35 ids, or the 19 that are trained on and a 20th for all others.")
    var classes = Classes.raw
    @Hyperparameter("Where instances and their edges come from.")
    var instances = InstanceSource.files
    @Hyperparameter("Most instances with masks of their own; 0 for none.", in: 0...256)
    var listed = 0
    @Hyperparameter("Height before the random crop, as a multiple of the height.", in: 1...2)
    var enlargement: Float = 1
    @Hyperparameter("Mirror half of the training samples.")
    var mirror = true
  }

  enum Classes: String, CaseIterable, HyperparameterValue { case raw, training }

  /// Ids of the classes that are trained on, in the order of their training numbers.
  static let trainedOn = [
    7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33,
  ]

  let reader: SceneReader
  private let classes: Classes

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    let (folder, source) = (hyperparameters.folder, hyperparameters.instances)
    classes = hyperparameters.classes
    let training = (0..<35).map { id in
      UInt16(Cityscapes.trainedOn.firstIndex(of: id) ?? Cityscapes.trainedOn.count)
    }
    reader = SceneReader(
      labels: classes == .raw ? LabelCode(count: 35) : LabelCode(table: training),
      instances: InstanceReading(source, .cityscapes), listed: hyperparameters.listed,
      framing: Framing(
        height: hyperparameters.height, width: 2 * hyperparameters.height,
        enlargement: hyperparameters.enlargement, mirror: hyperparameters.mirror)
    ) { try Cityscapes.scenes(in: folder, of: $0, instances: source == .files) }
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    SceneReader.ports(
      height: hyperparameters.height, width: 2 * hyperparameters.height,
      classes: hyperparameters.classes == .raw ? 35 : trainedOn.count + 1,
      instances: hyperparameters.instances != .none, listed: hyperparameters.listed)
  }

  var palette: Palette? { classes == .raw ? .cityscapes : .cityscapesTraining }

  private static func scenes(in folder: String, of split: Split, instances: Bool) throws -> [Scene]
  {
    let root = try DataFolder(
      folder, expected: "Cityscapes, leftImg8bit/ beside gtFine/ or train_img/ beside train_label/",
      cure: SceneFiles.otherFolder)
    guard root.has("leftImg8bit") || root.has("gtFine") else {
      return try root.flatScenes(of: split, instances: instances, key: frame)
    }
    let name = split == .train ? "train" : "val"
    func files(_ kind: String, _ place: String, _ endings: [String]) throws -> SceneFiles {
      let folder = try root.inside("\(place)/\(name)")
      return try SceneFiles(
        kind, in: folder.path, among: folder.namesBelow(), endings: endings, key: frame)
    }
    return try SceneFiles.scenes(
      files("photograph", "leftImg8bit", ["_leftimg8bit.png", "_leftimg8bit.jpg"]),
      files("label map", "gtFine", ["_gtfine_labelids.png"]),
      instances ? files("instance map", "gtFine", ["_gtfine_instanceids.png"]) : nil)
  }

  /// City, sequence and frame: the first three parts of a file's name.
  private static func frame(_ name: String) -> String {
    SceneFiles.stem(name).split(separator: "_").prefix(3).joined(separator: "_")
  }
}

extension InstanceCode {
  /// A class's id, or a thousand times that plus the number of a thing.
  fileprivate static let cityscapes = InstanceCode(
    none: nil, expected: "ids of the labels, or a thousand times these plus a number"
  ) { number, label in
    (number < 1000 ? number : number / 1000) == label
  }
}
