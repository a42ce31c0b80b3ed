import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "essentials",
      summary:
        "Optimizers, schedules, losses, views, adapters and metrics that most experiments use.",
      components: [
        .component("adam", "Adaptive moment estimation.", Adam.self),
        .component("sgd", "Gradient descent with momentum.", SGD.self),
        .component("constant", "The same factor throughout.", Constant.self),
        .component(
          "constant-then-linear-decay", "Full rate for a while, then a straight line to zero.",
          ConstantThenLinearDecay.self),
        .component("hinge", "Hinge loss on logits.", Hinge.self),
        .component("bce", "Binary cross entropy on logits, the original game.", CrossEntropy.self),
        .component(
          "least-squares", "Squared distance of the verdicts from targets.", LeastSquares.self),
        .component(
          "wasserstein", "Difference of mean verdicts, for discriminators of bounded slope.",
          Wasserstein.self),
        .component(
          "l1", "Mean absolute difference of the generated image from the target.", L1.self),
        .component(
          "l2", "Mean squared difference of the generated image from the target.", L2.self),
        .component(
          "total-variation", "How much neighbouring pixels of the generated image differ.",
          TotalVariation.self),
        .component(
          "feature-matching",
          "Distance between what a discriminator sees in generated and in real images.",
          FeatureMatching.self),
        .component(
          "kl", "Divergence of a Gaussian posterior from standard normal noise.",
          KullbackLeibler.self),
        .component(
          "r1", "Zero-centred gradient penalty on real images; verdicts of patches are summed.",
          R1.self),
        .component("normal", "Standard normal noise, as a vector or a map.", Normal.self),
        .component("whole", "The image as it is.", Whole.self),
        .component("foreground", "The image with its background painted over.", Foreground.self),
        .component("quadrants", "The four quarters of an image.", Quadrants.self),
        .component(
          "pyramid", "The image at several sizes, each half the one before.", Pyramid.self),
        .component("one-hot", "Class planes from a label map.", OneHot.self),
        .component("resize-image", "An image at another side.", ResizeImage.self),
        .component("resize-labels", "A label map or mask at another side.", ResizeLabels.self),
        .component(
          "attributes-as-caption", "A list of attributes read as a caption.",
          AttributesAsCaption.self),
        .component(
          "sentence-of-words", "The mean of a word sequence, as a sentence.", SentenceOfWords.self),
        .component(
          "l1-error", "Mean absolute difference of generated from target images.", L1Error.self),
        .component(
          "psnr", "Peak signal to noise ratio of generated images, in decibels.",
          PeakSignalToNoise.self),
        .component(
          "ssim", "Structural similarity of generated and target images.",
          StructuralSimilarity.self),
        .component(
          "masked-ssim", "Structural similarity of images whose background is painted black.",
          MaskedStructuralSimilarity.self),
        .component(
          "redraw-classes",
          "Multi-modal by class: images in which one class's code is drawn anew, a column a class.",
          RedrawClasses.self),
        .component(
          "mix-appearance",
          "Appearance mixture: an image whose classes look as in photographs of choice.",
          MixAppearance.self),
        .component(
          "edit-labels",
          "Semantic manipulation: an image before and after an edit of its label map, one code.",
          EditLabels.self),
        .component(
          "morph-style",
          "Style morphing and image extrapolation: between the codes of two photographs, and beyond.",
          MorphStyle.self),
      ],
      procedures: [Procedures.discriminatorFirst, Procedures.generatorFirst]))
}
