import Foundation
import PluginAPI

/// The images, label maps, masks and edges of samples as files, which tools take: `0-image.png`,
/// `0-labels.png`, `1-image.png`, ….
struct SampleFiles {
  let networks: Networks

  /// Writes those of every sample; other fields are left out.
  ///
  /// - Parameters:
  ///   - set: the samples.
  ///   - folder: made where it is not there; files of the same names are replaced.
  /// - Throws: the dataset's error about a sample, or errors of the file system.
  func write(_ set: EvaluationSet, into folder: URL) throws {
    let ports = networks.resolution.parts["dataset"]?.provided ?? []
    let palette = networks.part("dataset", as: (any Dataset).self).palette
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var first = 0
    try set.forEachBatch { batch in
      var count = 0
      for port in ports {
        guard let value = batch.values.tensor(port.name) else { continue }
        func url(_ index: Int) -> URL {
          folder.appending(path: "\(first + index)-\(port.name).png")
        }
        switch port.kind {
        case .image:
          for (index, image) in value.images().enumerated() { try image.write(to: url(index)) }
        case .labelMap:
          let colors = palette ?? Palette.distinct(port["classes"] ?? 256)
          for (index, map) in value.labelImages().enumerated() {
            try map.write(to: url(index), palette: colors)
          }
        case .mask, .edges:
          for (index, map) in value.squeezed(3).labelImages().enumerated() {
            try map.write(to: url(index))
          }
        default: continue
        }
        count = value.shape[0]
      }
      first += count
    }
  }
}
