import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "aviary",
      summary: "Painted birds in landscapes, made on the spot, with every annotation there is.",
      components: [
        .component(
          "birds",
          "Procedural pictures of birds with label maps, key points, attributes and captions.",
          AviaryDataset.self)
      ]))
}
