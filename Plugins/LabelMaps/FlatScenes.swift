import PluginAPI

extension DataFolder {
  /// A folder in this one, which must be there.
  ///
  /// - Throws: `DataError`.
  func inside(_ name: String) throws -> DataFolder {
    try DataFolder(
      "\(path)/\(name)", expected: "one beside what else is in \(path)",
      cure: SceneFiles.otherFolder)
  }

  /// Samples in `train_img/`, `train_label/`, `train_inst/`; those of validation in `val_…/`, or
  /// `test_…/` where there is none.
  ///
  /// - Throws: `DataError` naming the folder or file.
  func flatScenes(
    of split: Split, instances: Bool, key: (String) -> String = SceneFiles.stem
  ) throws -> [Scene] {
    let name = split == .train ? "train" : has("val_img") || !has("test_img") ? "val" : "test"
    func files(_ kind: String, _ place: String, _ endings: [String]) throws -> SceneFiles {
      let folder = try inside("\(name)_\(place)")
      return try SceneFiles(
        kind, in: folder.path, among: folder.names(), endings: endings, key: key)
    }
    return try SceneFiles.scenes(
      files("photograph", "img", SceneFiles.pictures), files("label map", "label", [".png"]),
      instances ? files("instance map", "inst", [".png"]) : nil)
  }
}

extension SceneFiles {
  /// What to do about a folder that is not there.
  static let otherFolder = "Say where the data is with --set dataset.with.folder=PATH."
}
