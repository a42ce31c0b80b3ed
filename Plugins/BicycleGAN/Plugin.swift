import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "bicyclegan",
      summary: "Many images of one condition, by a code; diversity-sensitive training.",
      paper: "arXiv:1711.11586",
      components: [
        .component(
          "unet", "Encoder-decoder that takes a code at every level.", BicycleUNet.self),
        .component(
          "resnet", "One code from the whole image, by residual blocks.", ResNetEncoder.self),
        .component(
          "multiscale", "Patches at full and half size, beside the condition if asked.",
          BicycleDiscriminator.self),
        .component("latent-l1", "Distance of a posterior's mean from z.", LatentL1.self),
        .component(
          "diversity", "How little two images differ for how much their codes do.",
          Diversity.self),
      ]))
}
