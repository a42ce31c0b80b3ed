import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "deformable-gan",
      summary: "Persons in other poses, by skip connections that are warped part by part.",
      paper: "arXiv:1801.00055",
      components: [
        .component(
          "generator", "Two encoders, skip connections warped part by part, a decoder.",
          DeformableGenerator.self),
        .component(
          "discriminator", "Judges an image beside the source image and both poses.",
          PoseDiscriminator.self),
        .component(
          "log-loss", "The original game on probabilities, with a small constant in the logarithm.",
          LogLoss.self),
        .component(
          "structure", "Distance between the poses that a network reads off two images.",
          Structure.self),
        .component(
          "pose-maps", "One Gaussian a key point.", PoseMapsOfKeypoints.self),
      ]))
}
