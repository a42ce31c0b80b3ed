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
      var expected: [String: [Int]] = [:]
      let parameters = networks.parameters.filter { $0.path.isUnder(path) }
      let buffers = networks.buffers.filter { $0.path.isUnder(path) }
      for (name, parameter) in parameters { expected[name] = parameter.shape }
      for (name, buffer) in buffers { expected[name] = buffer.shape }
      let found = try tensors(source, path, expected, networks.components[path])
      for (name, parameter) in parameters {
        if let value = found[name] { parameter.value = parameter.value.ending(with: value) }
      }
      for (name, buffer) in buffers {
        if let value = found[name] { buffer.value = value }
      }
    }
  }

  /// The tensors of a part: of a run's newest checkpoint, averages before raw weights, or of a file.
  private static func tensors(
    _ source: String, _ path: String, _ expected: [String: [Int]], _ component: (any Component)?
  ) throws -> [String: Tensor] {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue {
      let checkpoint = try CheckpointFolder(RunFolder(opening: source).checkpoints).load()
      let tensors = checkpoint["networks"].merging(checkpoint["average"]) { $1 }
      let isPerceptor = component is any Perceptor
      let found = tensors.filter {
        $0.key.isUnder(path) && !(isPerceptor && expected[$0.key] == nil)
      }
      let mismatch = TensorMismatch(expected: expected, found: found.mapValues(\.shape))
      guard mismatch.isEmpty else { throw CheckpointError.mismatch(path: source, mismatch) }
      return found
    }
    let file = try WeightsFile(source)
    let (found, notes) = try names(path, expected, component, for: file)
      .read(file, shapes: expected)
    for note in notes { complain("\(source): \(note)") }
    return found
  }

  /// The names under which a file holds a part's tensors: the published ones, or ours, whole or
  /// without the part's path, whichever most of its tensors have.
  private static func names(
    _ path: String, _ expected: [String: [Int]], _ component: (any Component)?,
    for file: WeightsFile
  ) throws -> WeightNames {
    let own = expected.keys.map { ($0, String($0.dropFirst(path.count + 1))) }
    var whole = WeightNames(own: expected.keys)
    whole.scope = path
    var choices = [WeightNames(Dictionary(uniqueKeysWithValues: own)), whole]
    if let importable = component as? any Importable {
      let published = importable.publishedNames.map { ("\(path).\($0.key)", $0.value) }
      var names = WeightNames(
        Dictionary(uniqueKeysWithValues: published).filter { expected[$0.key] != nil })
      names.byLastRow = Set(importable.importableByLastRow.map { "\(path).\($0)" })
      choices.insert(names, at: 0)
    }
    for index in choices.indices { choices[index].isOfLarger = component is any Perceptor }
    let inFile = Set(file.groups.flatMap(\.tensors).map { WeightNames.plain($0.name) })
    func hits(_ names: WeightNames) -> Int {
      names.published.values.count { inFile.contains(WeightNames.plain($0)) }
    }
    let counts = choices.map(hits)
    let most = counts.max() ?? 0
    return choices[counts.firstIndex(of: most) ?? 0]
  }
}

extension Tensor {
  /// The tensor with its last rows replaced by `rows`, which may be all of them.
  fileprivate func ending(with rows: Tensor) -> Tensor {
    if rows.shape == shape { return rows }
    let first = sliced(axis: 0, from: 0, to: shape[0] - rows.shape[0])
    return .concatenated([first.detached(), rows], axis: 0).evaluated()
  }
}
