import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "semantic-cgan",
      summary: "Semantics-guided discriminators for images from labels, and their baselines.",
      paper: "Next Steps for Image Synthesis using Semantic Segmentation (2020)",
      components: [
        .component(
          "unet", "Encoder-decoder with a skip connection at every level.", UNetGenerator.self),
        .component(
          "resnet", "Residual blocks at a low resolution, between halvings and doublings.",
          ResNetGenerator.self),
        .component(
          "local-enhancer", "A residual generator at half the size, enhanced at full size.",
          LocalEnhancerGenerator.self),
        .component(
          "instance-features", "Features of the real image, averaged over each instance.",
          InstanceFeatures.self),
        .component(
          "patchgan", "Discriminator of overlapping patches, 1 to 286 pixels wide.",
          PatchDiscriminator.self),
        .component(
          "multiscale", "Discriminator of patches of an image and of its reductions.",
          MultiscaleDiscriminator.self),
        .component(
          "guided", "A verdict for each class and one for the whole, on any network of patches.",
          GuidedDiscriminator.self),
        .component(
          "sem-disc", "Verdicts a class, a segmentation and a reconstruction from the image alone.",
          SemDisc.self),
        .component(
          "class-weighted", "A game in which each class that is present weighs the same.",
          ClassWeighted.self),
        .component(
          "semantic-perceptual", "Distance between what a task network says of two images.",
          SemanticPerceptual.self),
        .component(
          "segmentation", "Cross entropy of a segmentation with the labels.", SegmentationLoss.self),
        .component(
          "reconstruction", "Distance of a discriminator's reconstruction from the real image.",
          ReconstructionLoss.self),
      ], tables: [Tables.labels]))
}
