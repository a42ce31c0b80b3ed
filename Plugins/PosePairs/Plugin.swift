import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "pose-pairs",
      summary: "Photographs of one person in two poses, with key points and how parts moved.",
      components: [
        .component("market-1501", "Persons before cameras in two poses.", Market1501.self),
        .component(
          "deepfashion", "Persons in shop photographs in two poses.", DeepFashionPairs.self),
      ]))
}
