import Foundation
import PluginAPI
import TestSupport

@testable import Host

/// A tiny data set of photographs beside label maps, and an experiment that trains on it.
enum Facades {
  /// Writes `train/` and `val/` of paired pictures into `data/` of a folder.
  static func write(in folder: String, side: Int = 32, train: Int = 6) throws {
    for (split, count) in [("train", train), ("val", 4)] {
      let path = "\(folder)/data/\(split)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for number in 0..<count {
        try pair(number, side: side).write(to: URL(filePath: "\(path)/\(number + 1).png"))
      }
    }
  }

  /// A window in a wall: a photograph on the left, labels in the data set's colours on the right.
  static func pair(_ number: Int, side: Int) -> Image {
    var picture = Image(height: side, width: 2 * side, color: RGB(0, 48, 255))
    let size = side / 4 + number % 4
    for (left, color) in [
      (0, RGB(UInt8(40 * number % 256), 90, 60)), (side, RGB(0, 128, 255)),
    ] {
      picture.fill(
        top: number + 2, left: left + 3 * (number % 4), height: size, width: size, with: color)
    }
    return picture
  }

  /// A small conditional GAN with everything that has state: batch norm, dropout, Adam, a moving
  /// average, a schedule.
  static let experiment = """
    {
      "name": "small", "seed": 7,
      "dataset": { "use": "facades/cmp", "with": { "folder": "data", "side": 32 } },
      "generator": { "use": "semantic-cgan/unet", "with": { "width": 2 } },
      "discriminators": [{ "use": "semantic-cgan/patchgan", "with": { "width": 4, "layers": 1 } }],
      "losses": [
        { "use": "essentials/bce" },
        { "use": "essentials/l1", "weight": { "from": 10, "to": 100, "over": { "steps": 8 } } },
      ],
      "optimizers": {
        "generator": {
          "use": "essentials/adam", "with": { "learningRate": 0.002, "beta1": 0.5 },
          "schedule": {
            "use": "essentials/constant-then-linear-decay",
            "with": { "constant": { "epochs": 1 }, "decay": { "epochs": 20 } },
          },
        },
        "discriminators": { "use": "essentials/adam", "with": { "beta1": 0.5 } },
      },
      "procedure": "essentials/discriminator-first",
      "training": {
        "batchSize": 2, "for": { "steps": 40 }, "average": { "decay": 0.9 },
        "checkpoints": { "keep": 2, "every": { "steps": 3 } },
      },
      "reports": {
        "every": { "steps": 5 }, "samples": 4, "metrics": [{ "use": "essentials/psnr" }],
      },
    }
    """
}

extension Workbench {
  /// One with the tiny data set and `small.json` in its folder.
  static func small() throws -> Workbench {
    let workbench = try Workbench()
    try Facades.write(in: workbench.path)
    try workbench.folder.file("small.json", Facades.experiment)
    return workbench
  }
}
