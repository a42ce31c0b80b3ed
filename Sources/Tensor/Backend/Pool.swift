internal import CGOMP
import Glibc

/// How many threads work on one op.
enum ThreadCount {
  nonisolated(unsafe) static var current: Int = available {
    didSet { omp_set_num_threads(Int32(current)) }
  }

  /// The size of the affinity mask, or the number of processors where it can't be read.
  static var available: Int {
    let processors = Int(omp_get_max_threads())
    return max(1, processors)
  }
}

/// What the thread sanitizer must be told, because it does not see libgomp's own synchronisation; absent otherwise.
private enum Sanitizer {
  typealias Call = @convention(c) (UnsafeMutableRawPointer) -> Void
  static let release = lookUp("__tsan_release")
  static let acquire = lookUp("__tsan_acquire")

  private static func lookUp(_ name: String) -> Call? {
    dlsym(nil, name).map { unsafeBitCast($0, to: Call.self) }
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
      Sanitizer.release?(pointer)
      defer { Sanitizer.acquire?(pointer) }
      GOMP_parallel(
        { raw in
          guard let raw else { return }
          Sanitizer.acquire?(raw)
          defer { Sanitizer.release?(raw) }
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
