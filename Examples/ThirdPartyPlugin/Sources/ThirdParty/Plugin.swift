import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "third-party",
      summary: "A small generator and a small discriminator, to begin from.",
      components: [
        .component("generator", "Images from noise, a doubling at a time.", SmallGenerator.self),
        .component("discriminator", "Logits of patches.", SmallDiscriminator.self),
      ]))
}
