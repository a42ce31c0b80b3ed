import PluginAPI

/// What generators from label maps are compared by; the paper has no table of its own.
enum Tables {
  /// The judge is another segmenter than any that a loss looks through.
  static let labels = TableDescription(
    "labels", "How well a segmenter reads the labels back, and how near images are to real ones.",
    columns: [
      "FID": "fid(perceptors.features)", "mIoU": "mean-iou", "Acc": "pixel-accuracy",
      "FPS": "imagesPerSecond", "#M": "parameters",
    ],
    json: """
      {
        "perceptors": {
          "features": { "use": "perceptors/squeezenet" },
          "judge": { "use": "perceptors/segmenter" }
        },
        "reports": {
          "metrics": [
            { "use": "perceptors/fid", "with": { "network": "perceptors.features" } },
            { "use": "perceptors/mean-iou", "with": { "segmenter": "perceptors.judge" } },
            { "use": "perceptors/pixel-accuracy", "with": { "segmenter": "perceptors.judge" } }
          ]
        }
      }
      """)
}
