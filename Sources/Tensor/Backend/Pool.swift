internal import CGOMP
import Glibc

/// The threads that compute, shared with the convolution library through libgomp.
///
/// libgomp keeps one team of threads per calling thread, so all tensor work belongs on one thread.
public enum Compute {
  /// How many threads work on one op; by default the processors this process may run on.
  ///
  /// Results repeat bit for bit for a given number.
  public static var threads: Int {
    get { ThreadCount.current }
    set {
      precondition(newValue > 0, "[threads] \(newValue) threads, expected at least one")
      ThreadCount.current = newValue
      omp_set_num_threads(Int32(newValue))
    }
  }

  /// What the memory pool has handed out and keeps.
  public static var memory: MemoryStatistics { MemoryPool.shared.statistics }

  /// Starts the measurement of `memory.peakBytes` anew.
  public static func resetPeakMemory() { MemoryPool.shared.resetPeak() }

  /// Returns memory kept for reuse to the system.
  public static func trimMemory() { MemoryPool.shared.trim() }
}

private enum ThreadCount {
  nonisolated(unsafe) static var current: Int = available

  /// The size of the affinity mask, or the number of processors where it can't be read.
  static var available: Int {
    let processors = Int(omp_get_max_threads())
    return max(1, processors)
  }
}

/// Runs `body(part)` for each of `parts` fixed parts of some work, on as many threads.
///
/// One part runs on the calling thread at once. `body` must not touch tensors, only memory.
func parallel(_ parts: Int, _ body: (_ part: Int) -> Void) {
  if parts <= 1 {
    if parts == 1 { body(0) }
    return
  }
  withoutActuallyEscaping(body) { escaping in
    var work = Work(body: escaping, parts: parts)
    withUnsafeMutablePointer(to: &work) { pointer in
      GOMP_parallel(
        { raw in
          guard let raw else { return }
          let work = raw.assumingMemoryBound(to: Work.self)
          let team = Int(omp_get_num_threads())
          var part = Int(omp_get_thread_num())
          while part < work.pointee.parts {
            work.pointee.body(part)
            part += team
          }
        }, pointer, UInt32(min(parts, Compute.threads)), 0)
    }
  }
}

private struct Work {
  let body: (Int) -> Void
  let parts: Int
}
