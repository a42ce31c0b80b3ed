import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "label-maps",
      summary: "Photographs beside label maps: published data sets, and folders of one's own.",
      components: [
        .component(
          "cityscapes", "Streets with 35 or 19 classes, instances and their edges.",
          Cityscapes.self),
        .component("ade20k", "Scenes of all kinds with 150 classes and the rest.", ADE20K.self),
        .component(
          "coco-stuff", "Everyday scenes with 182 classes, the unlabelled, and instances.",
          CocoStuff.self),
        .component(
          "deepfashion", "Persons with eight classes of clothing and body.", DeepFashion.self),
        .component("folder", "Your own photographs beside label maps.", Folder.self),
      ]))
}
