import Glibc
import Synchronization

/// Notices work on tensors from two threads at once, which would corrupt it silently.
///
/// Evaluations and backward passes hold the thread; each op that is made meanwhile must come from it. Tests of
/// plugins are the usual culprit: `swift test` runs suites in parallel unless told otherwise.
enum ComputeThread {
  /// The thread that is at work, 0 for none.
  private static let holder = Atomic<UInt>(0)

  /// Runs `body` as the only thread at work.
  static func hold<Result>(_ body: () throws -> Result) rethrows -> Result {
    let own = UInt(pthread_self())
    let (isFirst, other) = holder.compareExchange(expected: 0, desired: own, ordering: .acquiring)
    precondition(isFirst || other == own, message)
    defer { if isFirst { holder.store(0, ordering: .releasing) } }
    return try body()
  }

  /// Stops if another thread is at work.
  @inline(__always)
  static func check() {
    let holder = holder.load(ordering: .relaxed)
    precondition(holder == 0 || holder == UInt(pthread_self()), message)
  }

  private static let message =
    "[Tensor] work from two threads at once; all tensors belong to one thread at a time, so run tests "
    + "with `swift test --no-parallel`"
}
