import PluginAPI

/// Anyone's photographs beside label maps.
///
/// `images/` and `labels/`, and `instances/` where they are asked for, hold files of the same names;
/// every tenth, in the order of names, is held out. Or `train/` and `val/` hold these folders each.
struct Folder: SceneDataset {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Folder with images/ and labels/, or with train/ and val/ that have them.")
    var folder = "data"
    @Hyperparameter("Number of classes: labels are 0, 1, … below it.", in: 2...4096)
    var classes = 2
    @Hyperparameter(
      "A label that stands for unknown and becomes one class more; null for none.", in: 0...65535)
    var unknown: Int? = nil
    @Hyperparameter("Height of the images in pixels.", in: 16...1024)
    var height = 256
    @Hyperparameter("Width of the images in pixels.", in: 16...2048)
    var width = 256
    @Hyperparameter("Where instances and their edges come from.")
    var instances = InstanceSource.none
    @Hyperparameter("Most instances with masks of their own; 0 for none.", in: 0...256)
    var listed = 0
    @Hyperparameter("Size before the random crop, as a multiple of the size.", in: 1...2)
    var enlargement: Float = 286.0 / 256.0
    @Hyperparameter("Mirror half of the training samples.")
    var mirror = true
  }

  let reader: SceneReader

  /// - Throws: `ConfigurationError` where the label for unknown is that of a class.
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let (folder, source) = (hyperparameters.folder, hyperparameters.instances)
    let (classes, unknown) = (hyperparameters.classes, hyperparameters.unknown)
    if let unknown, unknown < classes {
      throw ConfigurationError(
        "unknown is \(unknown), which is one of the \(classes) classes; leave it out, or lower "
          + "classes to \(unknown) if it is their last")
    }
    var labels = LabelCode(count: classes, unknown: unknown)
    labels.cure = "Correct the map, or say with classes and unknown what maps hold."
    reader = SceneReader(
      labels: labels,
      instances: InstanceReading(source, .numbered), listed: hyperparameters.listed,
      framing: Framing(
        height: hyperparameters.height, width: hyperparameters.width,
        enlargement: hyperparameters.enlargement, mirror: hyperparameters.mirror)
    ) { try Folder.scenes(in: folder, of: $0, instances: source == .files) }
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    SceneReader.ports(
      height: hyperparameters.height, width: hyperparameters.width,
      classes: hyperparameters.classes + (hyperparameters.unknown == nil ? 0 : 1),
      instances: hyperparameters.instances != .none, listed: hyperparameters.listed)
  }

  private static func scenes(in folder: String, of split: Split, instances: Bool) throws -> [Scene]
  {
    let root = try DataFolder(
      folder, expected: "images/ beside labels/, or train/ and val/ that hold them",
      cure: SceneFiles.otherFolder)
    if root.has("train") || root.has("val") {
      return try all(in: root.inside(split.folder), instances: instances)
    }
    return try all(in: root, instances: instances).enumerated()
      .filter { ($0.offset % 10 == 0) == (split == .validation) }.map(\.element)
  }

  private static func all(in root: DataFolder, instances: Bool) throws -> [Scene] {
    func files(_ kind: String, _ name: String, _ endings: [String]) throws -> SceneFiles {
      let folder = try root.inside(name)
      return try SceneFiles(kind, in: folder.path, among: folder.namesBelow(), endings: endings)
    }
    return try SceneFiles.scenes(
      files("photograph", "images", SceneFiles.pictures), files("label map", "labels", [".png"]),
      instances ? files("instance map", "instances", [".png"]) : nil)
  }
}

extension Split {
  /// The folder of a split in data of one's own.
  fileprivate var folder: String { self == .train ? "train" : "val" }
}

extension InstanceCode {
  /// 0 for none, then any numbers.
  fileprivate static let numbered = InstanceCode(none: 0, expected: "numbers") { _, _ in true }
}
