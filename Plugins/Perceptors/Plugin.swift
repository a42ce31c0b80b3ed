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
          "cross-entropy", "Negative log likelihood of the label map under class scores.",
          SegmentationCrossEntropy.self),
        .component(
          "pixel-accuracy", "Share of label pixels that a segmenter reads back from the samples.",
          PixelAccuracy.self),
      ]))
}
