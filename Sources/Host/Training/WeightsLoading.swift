import Foundation
import PluginAPI

/// Fills parts that say `weights` from a run folder or a weights file.
enum WeightsLoading {
  /// Loads the weights of every part that names some, or of some parts only.
  ///
  /// - Throws: errors about the file, and about names and shapes that do not fit.
  static func load(into networks: Networks, only paths: [String]? = nil) throws {
    for path in networks.resolution.order {
      guard let part = networks.resolution.parts[path], let source = part.part.weights,
        networks.components[path] != nil, paths?.contains(path) ?? true
      else { continue }
      let tensors = try weights(source, path)
      var expected: [String: [Int]] = [:]
      let parameters = networks.parameters.filter { $0.path.isUnder(path) }
      let buffers = networks.buffers.filter { $0.path.isUnder(path) }
      for (name, parameter) in parameters { expected[name] = parameter.shape }
      for (name, buffer) in buffers { expected[name] = buffer.shape }
      // Feature networks are the first layers of larger published ones.
      let isPerceptor = networks.components[path] is any Perceptor
      let found = tensors.filter {
        $0.key.isUnder(path) && !(isPerceptor && expected[$0.key] == nil)
      }
      let mismatch = TensorMismatch(expected: expected, found: found.mapValues(\.shape))
      guard mismatch.isEmpty else {
        throw CheckpointError.mismatch(path: source, mismatch)
      }
      for (name, parameter) in parameters {
        if let value = found[name] { parameter.value = value }
      }
      for (name, buffer) in buffers {
        if let value = found[name] { buffer.value = value }
      }
    }
  }

  /// The tensors of a run's newest checkpoint, averages before raw weights, or of a file, whose
  /// names may leave out the part's path.
  private static func weights(_ source: String, _ path: String) throws -> [String: Tensor] {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue {
      let checkpoint = try CheckpointFolder(RunFolder(opening: source).checkpoints).load()
      return checkpoint["networks"].merging(checkpoint["average"]) { $1 }
    }
    let file = try SafetensorsReader(source)
    let tensors = try file.tensors()
    return tensors.keys.contains { $0.isUnder(path) }
      ? tensors
      : Dictionary(uniqueKeysWithValues: tensors.map { ("\(path).\($0.key)", $0.value) })
  }
}
