import Glibc

/// Where the time of tensor work goes, and how much memory it moves: by component, direction and kind of op.
///
/// While a profile is on, each primitive of the backend is timed and its time given to a component:
///
/// - work that is done at once (convolutions, products) belongs to the component that asks for it;
/// - a pass over pending element-wise ops belongs to the component that wrote the first of its results down, not to
///   the one that needed the numbers;
/// - a derivative belongs to the component whose forward pass recorded the op.
///
/// A part of a program becomes a component by ``within(_:_:)``. When off, a profile costs one test per component
/// and one number per recorded op. Belongs to the compute thread.
public enum Profile {
  /// What a primitive does.
  public enum Kind: String, CaseIterable, Sendable {
    /// Convolutions in all directions, bringing weights into order included.
    case convolution
    /// Products of matrices.
    case product
    /// Chains of element-wise ops.
    case fusedPass = "fused pass"
    /// Sums, means, moments, greatest elements.
    case reduction
    /// Numbers brought into another order or place: concatenation, permutation, gathering.
    case copy
    /// Resampling, pooling, random numbers.
    case other
  }

  /// What one component spent on one kind of primitive, in one direction.
  public struct Entry: Sendable {
    /// The component; empty for work outside of any.
    public let component: String
    /// Whether it was spent on derivatives.
    public let isBackward: Bool
    /// What the primitives do.
    public let kind: Kind
    /// How many primitives ran.
    public internal(set) var calls = 0
    /// Their time, without that of primitives they had to wait for.
    public internal(set) var seconds = 0.0
    /// Bytes of the arrays they read and wrote, each counted once a primitive.
    public internal(set) var bytes = 0
    /// The most bytes that were alive in all tensors after one of them.
    public internal(set) var peakBytes = 0
  }

  /// Whether primitives are being timed.
  public static var isOn: Bool { isTiming }

  /// Begins to time primitives.
  public static func start() {
    components = [""]
    numbers = ["": 0]
    scope = 0
    reset()
    backend = ProfiledBackend(base: CPUBackend())
    isTiming = true
  }

  /// Forgets what was found so far.
  public static func reset() {
    entries = [:]
    convolutions = [:]
    nested = 0
  }

  /// Ends the timing.
  public static func stop() {
    isTiming = false
    scope = 0
    backend = CPUBackend()
  }

  /// What was found since the last ``reset()``, the most expensive first.
  public static var found: [Entry] { entries.values.sorted { $0.seconds > $1.seconds } }

  /// Runs `body` as part of a component; the innermost one counts.
  public static func within<R>(_ component: @autoclosure () -> String, _ body: () throws -> R)
    rethrows -> R
  {
    guard isTiming else { return try body() }
    let before = scope
    scope = number(of: component()) << 1
    defer { scope = before }
    return try body()
  }

  // MARK: - For the engine

  /// The component that runs, doubled, plus one while derivatives are being formed.
  nonisolated(unsafe) static var scope: Int32 = 0

  /// Times a primitive, which reads and writes so many numbers; the time of primitives within it is theirs.
  static func time<R>(
    _ kind: Kind, scope: Int32, read: Int, _ body: () -> R, written: (R) -> Int
  ) -> R {
    let outer = nested
    nested = 0
    let start = now
    let result = body()
    let elapsed = now - start
    let key = Key(scope: scope, kind: kind)
    var entry =
      entries[key]
      ?? Entry(
        component: components[Int(scope >> 1)], isBackward: scope & 1 == 1, kind: kind)
    entry.calls += 1
    entry.seconds += elapsed - nested
    entry.bytes += 4 * (read + written(result))
    entry.peakBytes = max(entry.peakBytes, MemoryPool.shared.statistics.liveBytes)
    entries[key] = entry
    nested = outer + elapsed
    return result
  }

  /// How often each convolution was called.
  nonisolated(unsafe) static var convolutions: [ConvolutionCall: Int] = [:]

  private struct Key: Hashable {
    let scope: Int32
    let kind: Kind
  }

  nonisolated(unsafe) private static var isTiming = false
  nonisolated(unsafe) private static var components = [""]
  nonisolated(unsafe) private static var numbers: [String: Int32] = ["": 0]
  nonisolated(unsafe) private static var entries: [Key: Entry] = [:]
  /// Seconds spent in primitives within the one that is being timed.
  nonisolated(unsafe) private static var nested = 0.0

  private static func number(of component: String) -> Int32 {
    if let known = numbers[component] { return known }
    let number = Int32(components.count)
    components.append(component)
    numbers[component] = number
    return number
  }

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
