import PluginAPI

/// The columns of the paper's tables, but for the judgement of people.
///
/// Their feature networks are stand-ins for those of the paper: an experiment, or `--set`, may name
/// others under the same paths.
enum Tables {
  /// Tables 1 and 3: how much each class varies by itself.
  static let diversity = TableDescription(
    "diversity", "How much a class varies, and the rest with it.",
    columns: [
      "FID": "fid(perceptors.features)", "mCSD": "mcsd", "mOCD": "mocd",
      "LPIPS": "lpips-diversity", "FPS": "imagesPerSecond", "#M": "parameters",
    ],
    json: """
      {
        "perceptors": {
          "features": { "use": "perceptors/squeezenet" },
          "similarity": { "use": "perceptors/lpips", "with": { "trunk": "perceptors.features" } }
        },
        "reports": {
          "metrics": [
            { "use": "perceptors/fid", "with": { "network": "perceptors.features" } },
            { "use": "perceptors/class-diversity", "with": { "network": "perceptors.similarity" } },
            { "use": "perceptors/diversity", "with": { "network": "perceptors.similarity" } }
          ]
        }
      }
      """)

  /// Table 2: how well the label map is read back.
  static let fidelity = TableDescription(
    "fidelity", "How well a segmenter reads the labels back, and how near images are to real ones.",
    columns: ["mIoU": "mean-iou", "Acc": "pixel-accuracy", "FID": "fid(perceptors.features)"],
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
