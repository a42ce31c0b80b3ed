import PluginAPI

/// Where a run goes on: a checkpoint and the place in the run it was written at.
///
/// A checkpoint counts the steps of all stages, so that its number grows throughout the run; the
/// stage and the step within it stand in the record.
struct Resumption {
  private(set) var checkpoint: Checkpoint
  /// The stage that goes on.
  let stage: Int
  /// Steps made in that stage.
  let stageStep: Int

  /// Reads where a checkpoint was written.
  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    stage = checkpoint.record.extra["stage"]?.intValue ?? 0
    stageStep = checkpoint.record.extra["stageStep"]?.intValue ?? checkpoint.record.step
  }

  /// Steps made in the stages before.
  var stepsBefore: Int { checkpoint.record.step - stageStep }

  /// Lets go of the tensors, once they are the networks': what somebody else holds as well can't be updated in
  /// the memory it has.
  mutating func release() { checkpoint.tensors = [:] }

  /// Checks that a checkpoint was written by the experiment that wants to go on from it.
  ///
  /// - Throws: ``ResumptionError`` with what differs.
  func check(hash: String, experiment: JSONValue, in folder: String) throws {
    let record = checkpoint.record
    guard record.experimentHash != hash else { return }
    let differences = record.extra["experiment"].map { experiment.differences(from: $0) }
    if let differences, differences.isEmpty { return }
    throw ResumptionError.otherExperiment(folder: folder, differences: differences ?? [])
  }
}

/// Why a run cannot go on.
enum ResumptionError: Error, CustomStringConvertible {
  /// The experiment is not the one that the checkpoint was written by.
  case otherExperiment(folder: String, differences: [String])
  /// Plugins have changed, and that was not to be.
  case changedPlugins(folder: String, changes: [String])

  var description: String {
    switch self {
    case .otherExperiment(let folder, let differences):
      let list = differences.map { "\n  \($0)" }.joined()
      return "\(folder): its checkpoint was written by another experiment"
        + (list.isEmpty ? "" : ":\(list)")
        + "\ngo on with the values it began with, or start a new run; only training.for, "
        + "training.checkpoints, reports, name and output may change in a run"
    case .changedPlugins(let folder, let changes):
      return changes.map { "\(folder): \($0)" }.joined(separator: "\n")
        + "\nput the old plugins back, or resume without --strict"
    }
  }
}

extension JSONValue {
  /// What differs between two trees, a line a value: `generator.with.width: 4 then, 8 now`.
  func differences(from earlier: JSONValue, at path: JSONPath = JSONPath()) -> [String] {
    if self == earlier { return [] }
    if let now = members, let then = earlier.members {
      let added = now.filter { earlier[$0.key] == nil }
        .map { "\(path.appending($0.key)): absent then, \($0.value.brief) now" }
      return then.flatMap { member -> [String] in
        let path = path.appending(member.key)
        return self[member.key]?.differences(from: member.value, at: path)
          ?? ["\(path): \(member.value.brief) then, absent now"]
      } + added
    }
    if let now = arrayValue, let then = earlier.arrayValue, now.count == then.count {
      return zip(now, then).enumerated().flatMap { index, pair in
        pair.0.differences(from: pair.1, at: path.appending(index))
      }
    }
    return ["\(path): \(earlier.brief) then, \(brief) now"]
  }
}
