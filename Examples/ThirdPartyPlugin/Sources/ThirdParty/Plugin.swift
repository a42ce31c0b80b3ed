import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "third-party",
      summary: "One small component of every kind, to begin from.",
      components: [
        .component("dataset", "Discs before a plain ground, with label maps.", Discs.self),
        .component("encoder", "Paints a label map in colours that it learns.", LabelPainter.self),
        .component("latent", "Noise on a sphere.", SphereNoise.self),
        .component("generator", "Images from noise, a doubling at a time.", SmallGenerator.self),
        .component("view", "The middle of an image.", CenterView.self),
        .component("discriminator", "Logits of patches.", SmallDiscriminator.self),
        .component(
          "adversarial-loss", "The non-saturating game, with a temperature.", SoftLoss.self),
        .component("loss", "Distance between the edges of two images.", EdgeLoss.self),
        .component("regularizer", "Keeps verdicts on real images near zero.", VerdictDrift.self),
        .component("perceptor", "Reads the class of each pixel.", PixelReader.self),
        .component(
          "optimizer", "Steps of one length, by the sign of momentum.", SignedMomentum.self),
        .component("schedule", "A straight line from 0 to 1, then 1.", WarmUp.self),
        .component("metric", "Distance between mean colours.", ColorDistance.self),
        .component("adapter", "A label map as a grey picture.", GreyLabels.self),
        .component("tool", "A row of images that differ in what is drawn.", DrawRow.self),
      ]))
}
