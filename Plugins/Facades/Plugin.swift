import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "facades",
      summary: "CMP Facades: rectified photographs of house fronts with twelve-class label maps.",
      paper: "Tylecek and Sara, GCPR 2013",
      components: [
        .component(
          "cmp", "Photographs of facades beside label maps, as pairs or as base files.",
          FacadesDataset.self)
      ]))
}
