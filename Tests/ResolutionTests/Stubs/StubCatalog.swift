import Host
import PluginAPI
import TestSupport

/// Stubs of every paper's components, beside the real essentials.
enum StubCatalog {
  /// Everything, as if all plugins were loaded.
  ///
  /// - Throws: `PluginError` where the essentials cannot be loaded.
  static func all() throws -> Catalog {
    Catalog(try [essentials.get().description] + papers)
  }

  /// The essentials, loaded once.
  nonisolated(unsafe) static let essentials = Result { try PluginUnderTest("Essentials") }

  /// The perceptors, loaded once.
  nonisolated(unsafe) static let perceptors = Result { try PluginUnderTest("Perceptors") }

  static let papers = [
    PluginDescription(
      id: "label-maps", summary: "Stub.",
      components: [
        .component("cityscapes", "Streets.", Cityscapes.self),
        .component("coco-stuff", "Scenes.", CocoStuff.self),
        .component("deepfashion", "Persons.", DeepFashion.self),
      ]),
    PluginDescription(
      id: "facades", summary: "Stub.", components: [.component("cmp", "Facades.", Facades.self)]),
    PluginDescription(
      id: "cub", summary: "Stub.", components: [.component("birds", "Birds.", Birds.self)]),
    PluginDescription(
      id: "pose-pairs", summary: "Stub.",
      components: [.component("market-1501", "Persons in two poses.", PosePairs.self)]),
    PluginDescription(
      id: "smis", summary: "Stub.",
      components: [
        .component("class-split", "A code a class.", ClassSplitEncoder.self),
        .component("groupdnet", "Falling groups.", GroupDecreasingGenerator.self),
        .component("multiscale", "Two scales.", MultiscaleDiscriminator.self),
      ]),
    PluginDescription(
      id: "bicyclegan", summary: "Stub.",
      components: [
        .component("unet", "z at every level.", BicycleUNet.self),
        .component("resnet", "One code an image.", ResNetEncoder.self),
        .component("multiscale", "Two scales.", BicycleDiscriminator.self),
        .component("latent-l1", "Regression of z.", LatentL1.self),
        .component("diversity", "Different codes, different images.", Diversity.self),
      ]),
    PluginDescription(
      id: "semantic-cgan", summary: "Stub.",
      components: [
        .component("unet", "From class planes.", PlaneUNet.self),
        .component("patchgan", "Patches.", PatchBackbone.self),
        .component("guided", "A verdict a class.", GuidedDiscriminator.self),
        .component("sem-disc", "Verdicts, segmentation, reconstruction.", SemDisc.self),
        .component("class-weighted", "Classes weigh the same.", ClassWeighted.self),
        .component("semantic-perceptual", "Through a task network.", SemanticPerceptual.self),
        .component("segmentation", "Cross entropy.", SegmentationLoss.self),
        .component("reconstruction", "Mean absolute difference.", ReconstructionLoss.self),
      ]),
    PluginDescription(
      id: "deformable-gan", summary: "Stub.",
      components: [
        .component("generator", "Warped skips.", DeformableGenerator.self),
        .component("discriminator", "Image beside poses.", PoseDiscriminator.self),
        .component("pose-maps", "Gaussians of key points.", PoseMapsOfKeypoints.self),
        .component("log-loss", "On probabilities.", LogLoss.self),
      ]),
    PluginDescription(
      id: "slnp", summary: "Stub.",
      components: [
        .component("vae", "Autoencoder.", VAE.self),
        .component("likelihood", "Of the reconstruction.", Likelihood.self),
        .component("noise-prior", "Noise through an autoencoder.", NoisePrior.self),
        .component("two-stage", "128, then 256.", TwoStageGenerator.self),
        .component("discriminator", "Beside labels.", LabelDiscriminator.self),
        .component("amm", "Adam with momentum.", AMM.self),
      ]),
    PluginDescription(
      id: "text-encoders", summary: "Stub.",
      components: [.component("bi-lstm", "Words and sentence.", TextEncoder.self)]),
    PluginDescription(
      id: "ssa-gan", summary: "Stub.",
      components: [
        .component("generator", "Masks say where.", SemanticSpatialGenerator.self),
        .component("one-way", "Trunk and head.", OneWayDiscriminator.self),
        .component("hinge", "With mismatched pairs.", MatchingAwareHinge.self),
        .component("ma-gp", "Matching-aware penalty.", MatchingAwarePenalty.self),
      ]),
    PluginDescription(
      id: "attngan", summary: "Stub.",
      components: [
        .component("generator", "Three stages.", AttentionalGenerator.self),
        .component("discriminator", "Heads on a trunk.", HeadedDiscriminator.self),
        .component("game", "All heads.", HeadedGame.self),
        .component("image-encoder", "Regions and code.", RegionEncoder.self),
        .component("exponential-decay", "A factor an epoch.", ExponentialDecay.self),
        .component("damsm", "Images and texts find each other.", DAMSM.self),
      ]),
    PluginDescription(
      id: "perceptors", summary: "Stub.",
      components: [
        .component("segmenter", "Scores a pixel.", Segmenter.self),
        .component("vgg19", "Five depths.", VGG.self),
        .component("perceptual", "Through features.", Perceptual.self),
        .component("nearest-neighbour", "Nearest features.", NearestNeighbour.self),
      ]),
    PluginDescription(
      id: "pix2pixhd", summary: "Stub.",
      components: [
        .component("instance-features", "Three numbers an instance.", InstanceFeatures.self),
        .component("global", "From labels, edges and style.", InstanceGenerator.self),
      ]),
  ]
}
