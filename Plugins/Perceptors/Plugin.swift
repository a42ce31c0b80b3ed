import PluginAPI

/// Entry point; the host finds it by this C name.
@c(workbench_plugin)
public func plugin() -> PluginEntry {
  PluginEntry(
    core: CoreStamp.value,
    PluginDescription(
      id: "perceptors",
      summary: "Feature networks that others look through, and what trains and uses them.",
      components: [
        .component(
          "segmenter", "A small encoder-decoder that reads the class of each pixel.", Segmenter.self
        ),
        .component(
          "pose-estimator", "The same network, which reads one map a key point.",
          PoseEstimator.self),
        .component(
          "vgg19", "Features of five depths, for perceptual losses; published weights fit.",
          VGG19.self),
        .component(
          "vgg16", "Features of five depths, at the end of each size; published weights fit.",
          VGG16.self),
        .component(
          "alexnet", "Features of five depths, small and fast; published weights fit.",
          AlexNet.self),
        .component(
          "squeezenet", "Features of nine depths from few weights, and scores of 1000 classes.",
          SqueezeNet.self),
        .component(
          "perceptual", "Distance of two images as a feature network sees them.", Perceptual.self),
        .component(
          "nearest-neighbour", "Distance of features from the nearest ones around the same place.",
          NearestNeighbour.self),
        .component(
          "cross-entropy", "Negative log likelihood of the label map under class scores.",
          SegmentationCrossEntropy.self),
        .component(
          "pose-error", "Squared difference of a network's pose maps from the key points' own.",
          PoseError.self),
        .component(
          "lpips", "How different two images look; a distance for metrics and tools.", LPIPS.self),
        .component(
          "fid", "Fréchet distance of generated and real images in a network's features.",
          FrechetDistance.self),
        .component(
          "pixel-accuracy", "Share of label pixels that a segmenter reads back from the samples.",
          PixelAccuracy.self),
        .component(
          "mean-iou", "Overlap of each class with what a segmenter reads in the samples.",
          MeanIntersectionOverUnion.self),
        .component(
          "diversity", "Distance of images of one condition whose latents are drawn anew.",
          Diversity.self),
        .component(
          "class-diversity",
          "How much the code of a class changes of its own area, and of the rest.",
          ClassDiversity.self),
      ]))
}
