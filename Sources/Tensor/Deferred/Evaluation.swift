internal import Kernels

/// Turns pending values into numbers: finds what must exist first, then runs fused passes.
enum Evaluation {
  /// Computes all of `values`; those of one element count in one pass where they fit.
  ///
  /// - Parameters:
  ///   - values: what is wanted.
  ///   - spent: values in memory that only the chains of `values` read, and only this time.
  ///     A result may be written in the memory of each, which then has none.
  static func run(_ values: [Value], over spent: [Value] = []) {
    ComputeThread.hold { compute(values, over: spent) }
  }

  private static func compute(_ values: [Value], over spent: [Value]) {
    var roots: [Value] = []
    var kept: [Value] = []
    for value in values {
      let root = source(of: value)
      if !root.isPending { kept.append(root) }
      if root.isPending && !roots.contains(where: { $0 === root }) { roots.append(root) }
    }
    // A reshape that was made of one meanwhile shows the same memory.
    let spent = spent.filter { value in
      value.isOnlyHolder() && !kept.contains { $0 === value }
    }
    if !roots.isEmpty { runRoots(roots, over: spent) }
    for value in values { settleReshapes(value) }
  }

  private static func runRoots(_ roots: [Value], over spent: [Value]) {
    prepare(roots)
    var rest: [Value] = []
    for root in roots where root.isPending {
      switch root.expression {
      case .constant(let number):
        root.settle(backend.fill(number, count: root.count))
      case .reduction(let reduction, let index): root.settle(reduction.results[index])
      default: rest.append(root)
      }
    }
    while let first = rest.first {
      var group: [Value] = []
      var size = 0
      rest.removeAll { value in
        guard value.count == first.count,
          group.isEmpty || size + value.instructionCount <= Value.instructionLimit
        else { return false }
        group.append(value)
        size += value.instructionCount
        return true
      }
      // A later pass would read what this one had written over.
      backend.compute(group, over: rest.isEmpty ? spent : [])
    }
  }

  /// The value whose numbers a chain of reshapes shows.
  private static func source(of value: Value) -> Value {
    var value = value
    while case .reshape(let source)? = value.expression { value = source }
    return value
  }

  private static func settleReshapes(_ value: Value) {
    guard value.isPending, case .reshape(let inner)? = value.expression else { return }
    let storage = source(of: inner).materialized()
    value.settle(storage)
  }

  /// Computes everything that must be in memory before a pass over `roots` can be planned.
  static func prepare(_ roots: [Value]) {
    var needs = Prerequisites()
    for root in roots { needs.collect(root) }
    if needs.isEmpty { return }
    if !needs.values.isEmpty { run(needs.values) }
    if !needs.reductions.isEmpty { ReductionPlan.run(needs.reductions) }
  }
}

/// What a pass needs in memory and what is still pending.
struct Prerequisites {
  private(set) var values: [Value] = []
  private(set) var reductions: [Reduction] = []
  /// Large inputs in memory, by identity of their storage.
  private(set) var inputs: Set<ObjectIdentifier> = []
  private let mark: Int
  private let collectsInputs: Bool

  nonisolated(unsafe) private static var lastMark = 0

  /// A number that no pass has used yet.
  static func nextMark() -> Int {
    lastMark += 1
    return lastMark
  }

  init(collectsInputs: Bool = false) {
    mark = Prerequisites.nextMark()
    self.collectsInputs = collectsInputs
  }

  var isEmpty: Bool { values.isEmpty && reductions.isEmpty }

  /// Walks the chain below `value`.
  mutating func collect(_ value: Value) {
    if value.mark == mark { return }
    value.mark = mark
    guard let expression = value.expression else {
      if collectsInputs, let storage = value.storage { inputs.insert(ObjectIdentifier(storage)) }
      return
    }
    switch expression {
    case .constant: break
    case .map(let map):
      collect(operand: map.a, count: value.count)
      if let b = map.b { collect(operand: b, count: value.count) }
      if let c = map.c { collect(operand: c, count: value.count) }
    case .reshape(let source): collect(source)
    case .strided(let base, _, _):
      if base.isPending {
        values.append(base)
      } else if collectsInputs, let storage = base.storage {
        inputs.insert(ObjectIdentifier(storage))
      }
    case .reduction(let reduction, _):
      if reduction.results.isEmpty { reductions.append(reduction) }
    }
  }

  private mutating func collect(operand: Value, count: Int) {
    guard operand.isPending, operand.count != count else { return collect(operand) }
    // A stretched operand is read from memory, unless it is a constant or itself a strided reading.
    switch operand.expression {
    case .constant: break
    case .strided(let base, _, _): if base.isPending { values.append(base) }
    default: values.append(operand)
    }
  }
}
