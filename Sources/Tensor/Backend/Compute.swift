/// The machinery beneath tensors: threads, memory, and what it has done so far.
///
/// All tensor work belongs on one thread at a time, the compute thread; set what is set here from there. The threads
/// are shared with the convolution library through libgomp, which keeps one team per calling thread.
public enum Compute {
  /// How many threads work on one op; by default the processors this process may run on.
  ///
  /// Results repeat bit for bit for a given number.
  public static var threads: Int {
    get { ThreadCount.current }
    set {
      precondition(newValue > 0, "[threads] \(newValue) threads, expected at least one")
      ThreadCount.current = newValue
    }
  }

  /// What the memory pool has handed out and keeps.
  public static var memory: MemoryStatistics { MemoryPool.shared.statistics }

  /// Starts the measurement of `memory.peakBytes` anew.
  public static func resetPeakMemory() { MemoryPool.shared.resetPeak() }

  /// How many fused passes over memory have run; for tests and measurements of speed.
  public static var passes: Int { PassCount.total }

  /// Whether each result is searched for infinities and not-a-numbers, which stop the program with the name of
  /// the op that made them and the shapes of its inputs.
  ///
  /// Costs a pass per result; a fused pass names all of its steps.
  public static var checksFinite: Bool {
    get { FiniteCheck.mode == .stops }
    set { FiniteCheck.mode = newValue ? .stops : .off }
  }

  /// Runs `body` and says which op first gave a number that is not finite, with the shapes of its inputs.
  ///
  /// - Returns: a sentence, or `nil` if all numbers were finite.
  public static func firstNotFinite(during body: () -> Void) -> String? {
    let before = FiniteCheck.mode
    FiniteCheck.mode = .notes
    FiniteCheck.finding = nil
    body()
    FiniteCheck.mode = before
    return FiniteCheck.finding
  }
}

/// How many fused passes have run. Belongs to the compute thread.
enum PassCount {
  nonisolated(unsafe) static var total = 0
}

/// Looks for numbers that are not finite, when asked to.
enum FiniteCheck {
  enum Mode { case off, notes, stops }
  nonisolated(unsafe) static var mode = Mode.off
  /// The first fault that was noted.
  nonisolated(unsafe) static var finding: String?
  static var isOn: Bool { mode != .off }

  /// Stops, or notes it, if one of the numbers of a result is not finite.
  static func inspect(
    _ storage: Storage, _ shape: [Int], op: @autoclosure () -> String,
    inputs: @autoclosure () -> [[Int]] = []
  ) {
    guard isOn, finding == nil || mode == .stops else { return }
    let numbers = UnsafeBufferPointer(start: storage.pointer, count: Shape.count(shape))
    guard let index = numbers.firstIndex(where: { !$0.isFinite }) else { return }
    let message = """
      [\(op())] element \(index) of a result of shape \(shape) is \(numbers[index]), expected a finite number; \
      inputs \(inputs().map { "\($0)" }.joined(separator: ", "))
      """
    precondition(mode == .notes, message)
    finding = message
  }
}
