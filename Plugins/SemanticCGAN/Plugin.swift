import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "semantic-cgan",
      summary: "The image-to-image baseline of semantics-guided discriminators.",
      paper: "arXiv:1611.07004",
      components: [
        .component(
          "unet", "Encoder-decoder with a skip connection at every level.", UNetGenerator.self),
        .component(
          "resnet", "Residual blocks at a low resolution, between halvings and doublings.",
          ResNetGenerator.self),
        .component(
          "patchgan", "Discriminator of overlapping patches, 1 to 286 pixels wide.",
          PatchDiscriminator.self),
      ]))
}
