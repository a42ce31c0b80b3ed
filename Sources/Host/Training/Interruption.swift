import Dispatch
import Foundation
import Synchronization

/// Notices Ctrl-C and `kill`, so that a run can end with a checkpoint after its step.
final class Interruption: Sendable {
  private let flag = Atomic<Bool>(false)
  // Written once, by `init`.
  nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

  /// Listens from now on; a second signal ends the process at once.
  init() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { [weak self] in
        guard let self else { return }
        if flag.exchange(true, ordering: .relaxed) { _exit(130) }
      }
      source.resume()
    }
  }

  /// Whether a signal came.
  var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// From now on the first signal ends the process, because nothing would be lost.
  func endsAtOnce() { flag.store(true, ordering: .relaxed) }

  deinit {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
