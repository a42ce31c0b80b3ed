internal import Kernels

/// Numbers in memory, or an expression that yields them.
///
/// Several tensors may share a value: a tensor and its detached copy, or the two sides of a derivative.
/// An expression turns into numbers at most once; what it referred to is then let go.
final class Value {
  let shape: [Int]
  let count: Int
  private(set) var storage: Storage?
  private(set) var expression: Expression?

  /// Instructions needed to compute this value from its leaves, an upper bound.
  private(set) var instructionCount = 0
  /// Cost per element of computing it again, in cheap instructions.
  private(set) var cost = 0
  /// Length of the longest path of pending values below this one.
  private(set) var depth = 0

  /// The component that wrote the expression down, see `Profile`.
  let scope = Profile.scope

  /// The labels whose one-hot planes this value is, if it is that.
  var labels: Value?

  // Marks of the pass that is being planned, see ChainBuilder.
  var mark = 0
  var register: Int32 = -1
  /// How many passes have computed this value without writing it down.
  var pulls = 0

  init(_ shape: [Int], storage: Storage) {
    self.shape = shape
    count = Shape.count(shape)
    precondition(
      storage.count >= count,
      "[tensor] \(storage.count) numbers for shape \(shape), which has \(count)")
    self.storage = storage
  }

  init(_ shape: [Int], count: Int, _ expression: Expression) {
    self.shape = shape
    self.count = count
    self.expression = expression
    bound()
    measure()
  }

  convenience init(_ shape: [Int], _ expression: Expression) {
    self.init(shape, count: Shape.count(shape), expression)
  }

  var isPending: Bool { storage == nil }

  /// The number that all elements are, if the value is a constant.
  var constant: Float? {
    if case .constant(let number)? = expression { return number }
    return nil
  }

  /// The numbers in memory, computing them if they are pending.
  func materialized() -> Storage {
    if let storage { return storage }
    Evaluation.run([self])
    guard let storage else { preconditionFailure("[tensor] an expression was not computed") }
    return storage
  }

  /// Whether the numbers are in memory that no other value shows.
  func isOnlyHolder() -> Bool { isKnownUniquelyReferenced(&storage) }

  /// Values in memory that nothing reads but the chain below this one, and that only once.
  ///
  /// References are taken out of the expression while they are counted: whoever holds a value besides is then seen.
  func soleSources() -> [Value] {
    if var map = takeMap() {
      let found = Value.sole(&map.a) + Value.sole(&map.b) + Value.sole(&map.c)
      expression = .map(map)
      return found
    }
    if var source = takeReshaped() {
      let found = Value.sole(&source)
      expression = .reshape(source)
      return found
    }
    return []
  }

  // Functions of their own: a pattern in the caller would keep a copy, and with it a reference, beside what it binds.
  @inline(never) private func takeMap() -> Expression.Map? {
    guard case .map(let map)? = expression else { return nil }
    expression = nil
    return map
  }

  @inline(never) private func takeReshaped() -> Value? {
    guard case .reshape(let source)? = expression else { return nil }
    expression = nil
    return source
  }

  private static func sole(_ value: inout Value) -> [Value] {
    isKnownUniquelyReferenced(&value) ? value.selfOrSources() : []
  }

  private static func sole(_ value: inout Value?) -> [Value] {
    isKnownUniquelyReferenced(&value) ? value?.selfOrSources() ?? [] : []
  }

  private func selfOrSources() -> [Value] {
    if isPending { return soleSources() }
    return isOnlyHolder() ? [self] : []
  }

  /// Gives the memory up to another value that is computed in it; this one can't be read any more.
  func handOver() -> Storage {
    guard let storage else { preconditionFailure("[tensor] a pending value has no memory") }
    self.storage = nil
    return Storage(takingOver: storage)
  }

  /// Ends the pending state.
  func settle(_ storage: Storage) {
    self.storage = storage
    release()
    instructionCount = 0
    cost = 0
    depth = 0
  }

  /// Bounds the depth of what is pending below this value: beyond the limit, it is computed first.
  private func bound() {
    guard let sources = expression?.sources else { return }
    depth = 1 + (sources.map(\.depth).max() ?? 0)
    if depth > Value.depthLimit {
      Evaluation.run(sources.filter(\.isPending))
      depth = 1
    }
  }

  /// Bounds the chain below this value: beyond the limit, its operands are computed first.
  private func measure() {
    guard case .map(let map)? = expression else {
      if case .reshape(let source)? = expression {
        instructionCount = source.instructionCount
        cost = source.cost
      }
      return
    }
    var total = 1
    var cost = map.op.cost
    for operand in [map.a, map.b, map.c] {
      guard let operand, operand.count == count else { continue }
      total += operand.instructionCount
      cost += operand.cost
    }
    if total > Value.instructionLimit {
      (total, cost) = exactCounts()
      if total > Value.instructionLimit {
        Evaluation.run([map.a, map.b, map.c].compactMap { $0 }.filter { $0.instructionCount > 0 })
        total = 1
        cost = map.op.cost
      }
    }
    instructionCount = total
    self.cost = cost
  }

  /// Instructions per pass; longer chains are computed in pieces.
  static let instructionLimit = 48
  /// Pending values on a path; the evaluation is recursive in this number.
  static let depthLimit = 200

  /// Counts every value below this one once, where the quick bound counts shared ones repeatedly.
  private func exactCounts() -> (instructions: Int, cost: Int) {
    var seen: Set<ObjectIdentifier> = []
    var total = (instructions: 0, cost: 0)
    var stack = [self]
    while let value = stack.popLast() {
      guard let expression = value.expression, value.count == count,
        seen.insert(ObjectIdentifier(value)).inserted
      else { continue }
      switch expression {
      case .map(let map):
        total.instructions += 1
        total.cost += map.op.cost
        stack.append(map.a)
        if let b = map.b { stack.append(b) }
        if let c = map.c { stack.append(c) }
      case .reshape(let source): stack.append(source)
      case .constant, .strided, .reduction: break
      }
    }
    return total
  }

  // A long chain of values would be released recursively; the expressions are queued instead.
  nonisolated(unsafe) private static var released: [Expression] = []
  nonisolated(unsafe) private static var isReleasing = false

  private func release() {
    guard let expression else { return }
    self.expression = nil
    if case .constant = expression { return }
    Value.released.append(expression)
    if Value.isReleasing { return }
    Value.isReleasing = true
    while Value.released.popLast() != nil {}
    Value.isReleasing = false
  }

  deinit { release() }
}

/// A recipe for numbers that have not been computed yet.
enum Expression {
  /// Equal numbers.
  case constant(Float)
  /// An element-wise op; operands of fewer elements are stretched to the value's shape.
  case map(Map)
  /// The same numbers in the same order, in another shape.
  case reshape(Value)
  /// Another value's memory, read with strides for the axes of this value's shape.
  case strided(Value, strides: [Int], offset: Int)
  /// One of the results of a reduction.
  case reduction(Reduction, index: Int)

  struct Map {
    var op: Opcode
    var a: Value
    var b: Value? = nil
    var c: Value? = nil
    var x: Float = 0
    var y: Float = 0
  }

  /// The values this recipe reads.
  var sources: [Value] {
    switch self {
    case .constant: []
    case .map(let map): [map.a, map.b, map.c].compactMap { $0 }
    case .reshape(let source): [source]
    case .strided(let source, _, _): [source]
    case .reduction(let reduction, _): reduction.source.map { [$0] } ?? []
    }
  }
}
