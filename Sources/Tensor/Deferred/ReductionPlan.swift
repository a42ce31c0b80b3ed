/// Finds which pending reductions can share a pass.
enum ReductionPlan {
  /// Computes `reductions`, together with others that are pending over the same space and share an input.
  static func run(_ reductions: [Reduction]) {
    var waiting: [Reduction] = []
    for reduction in reductions
    where reduction.results.isEmpty && !waiting.contains(where: { $0 === reduction }) {
      waiting.append(reduction)
    }
    while let first = waiting.first, let source = first.source {
      Evaluation.prepare([source])
      var group = waiting.filter { $0.space == first.space && isReady($0) }
      waiting.removeAll { member in group.contains { $0 === member } }
      if source.count >= companionSize { group += companions(of: group) }
      computeInBatches(group)
      waiting.removeAll { $0.source == nil }
    }
  }

  /// One pass, or several where the chains are too long for one.
  private static func computeInBatches(_ group: [Reduction]) {
    var batch: [Reduction] = []
    var size = 0
    for reduction in group {
      guard let source = reduction.source else { continue }
      if !batch.isEmpty && size + source.instructionCount > Value.instructionLimit {
        backend.reduce(batch)
        batch = []
        size = 0
      }
      batch.append(reduction)
      size += source.instructionCount
    }
    backend.reduce(batch)
  }

  /// Below this many elements it is not worth looking for companions.
  private static let companionSize = 4096

  private static func isReady(_ reduction: Reduction) -> Bool {
    guard let source = reduction.source else { return false }
    var needs = Prerequisites()
    needs.collect(source)
    return needs.isEmpty
  }

  private static func companions(of group: [Reduction]) -> [Reduction] {
    guard let first = group.first, Reduction.pending.count > group.count else { return [] }
    var own = Prerequisites(collectsInputs: true)
    for reduction in group { if let source = reduction.source { own.collect(source) } }
    var found: [Reduction] = []
    for candidate in Reduction.pending {
      let other = candidate.takeUnretainedValue()
      guard other.space == first.space, !group.contains(where: { $0 === other }),
        let source = other.source
      else { continue }
      var needs = Prerequisites(collectsInputs: true)
      needs.collect(source)
      if needs.isEmpty && !needs.inputs.isDisjoint(with: own.inputs) { found.append(other) }
    }
    return found
  }
}
