import Foundation
import PluginAPI

extension LoadedModel {
  /// Opens the model of a run folder, or of an experiment file whose parts say where their weights
  /// are; the dataset itself is not asked for.
  ///
  /// - Parameters:
  ///   - path: the folder or the file.
  ///   - step: the step of a run's checkpoint; the newest where nil.
  ///   - overrides: changes of the experiment, `path=value`.
  /// - Returns: the model, with averaged weights where the run kept an average, and the experiment.
  /// - Throws: faults of the experiment, of checkpoints and of weights files.
  static func open(
    _ path: String, step: Int?, overrides: [String]
  ) throws -> (model: LoadedModel, experiment: OpenExperiment) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let run = exists && isFolder.boolValue ? try RunFolder.recorded(at: path) : nil
    let open = try OpenExperiment(file: run?.experiment ?? path, overrides: overrides)
    let model = try run.map { try trained(open.resolution, in: $0, step: step) }
    return (try model ?? described(by: open.resolution, in: path), open)
  }

  /// The model of a run.
  ///
  /// - Throws: errors of checkpoints.
  static func trained(
    _ resolution: Resolution, in run: RunFolder, step: Int? = nil
  ) throws -> LoadedModel {
    let networks = try Networks(resolution, only: ModelParts.needed(by: resolution))
    let checkpoint = try CheckpointFolder(run.checkpoints).load(step: step)
    try TrainingState.restoreForSampling(networks, checkpoint, from: run.checkpoints)
    return try LoadedModel(networks)
  }

  /// The model of an experiment file that says where the weights are.
  ///
  /// - Throws: errors of weights files, and of parts that have none.
  static func described(by resolution: Resolution, in file: String) throws -> LoadedModel {
    let networks = try Networks(resolution, only: ModelParts.needed(by: resolution))
    try WeightsLoading.load(into: networks)
    return try LoadedModel(networks, untrained: untrained(networks, in: file))
  }

  /// The encoders that are without weights and not needed where latents are drawn.
  ///
  /// - Throws: `ConfigurationError` naming a part that is needed and has none.
  private static func untrained(_ networks: Networks, in file: String) throws -> Set<String> {
    let resolution = networks.resolution
    let generation = ModelParts.generation(of: resolution)
    let drawn = ModelParts(resolution, generation).latents.map(\.source.node)
    var untrained: Set<String> = []
    for path in resolution.order {
      guard let part = resolution.parts[path], part.part.weights == nil, part.part.shares == nil,
        networks.parameters.contains(where: { $0.path.isUnder(path) })
      else { continue }
      guard part.component.kind == .encoder, drawn.contains(path) else {
        throw ConfigurationError(
          "\(file): \(path) \(part.part.use) says no weights, so there is no trained model. "
            + "Give a run folder, or say where they are: --set \(path).weights=FILE")
      }
      untrained.insert(path)
    }
    return untrained
  }
}
