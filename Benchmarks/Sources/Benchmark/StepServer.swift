import Foundation
import Tensor

/// Takes one training step at once, and more whenever a line with their number comes in; for the line
/// `profile` says where the time of a step goes.
struct StepServer {
  /// Takes a step and returns its losses.
  let step: () -> [String: Float]

  func run() throws {
    try answer(steps: 1)
    while let line = readLine() {
      if let count = Int(line) { try answer(steps: count) } else { try answerProfile() }
    }
  }

  private func answer(steps: Int) throws {
    let passes = Compute.passes
    let blocks = Compute.memory.systemAllocations
    let faults = Meter.pageFaults
    var seconds: [Double] = []
    var losses: [[String: Float]] = []
    for _ in 0..<steps {
      let start = Meter.now
      losses.append(step())
      seconds.append(Meter.now - start)
    }
    try Meter.print([
      "seconds": seconds, "losses": losses, "peakMiB": Meter.peakMiB,
      "livePeakMiB": Double(Compute.memory.peakBytes) / 0x100000,
      "passes": (Compute.passes - passes) / steps,
      "poolAllocations": Compute.memory.systemAllocations - blocks,
      "pageFaults": (Meter.pageFaults - faults) / steps,
    ])
  }
}

extension StepServer {
  /// Seconds of a step by kind of op, and what its convolutions would take alone.
  ///
  /// Of the median step of several: others on the machine disturb single ones.
  private func answerProfile() throws {
    var found: [(seconds: Double, kinds: [String: Double])] = []
    Profile.start()
    for _ in 0..<9 {
      Profile.reset()
      let start = Meter.now
      _ = step()
      let seconds = Meter.now - start
      var kinds: [String: Double] = [:]
      for entry in Profile.found { kinds[entry.kind.rawValue, default: 0] += entry.seconds }
      kinds["between ops"] = seconds - kinds.values.reduce(0, +)
      found.append((seconds, kinds))
    }
    Profile.stop()
    let median = found.sorted { $0.seconds < $1.seconds }[found.count / 2]
    try Meter.print([
      "seconds": median.seconds, "kinds": median.kinds,
      "convolutionsAlone": Profile.convolutionsAlone(),
    ])
  }
}

/// What the system says about this process.
enum Meter {
  /// Seconds on a clock that only goes forward.
  static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  /// The most memory that was resident at once, MiB.
  static var peakMiB: Double { Double(usage.ru_maxrss) / 1024 }

  /// Pages that the system had to provide so far.
  static var pageFaults: Int { usage.ru_minflt + usage.ru_majflt }

  private static var usage: rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  /// Writes an object as one line of JSON.
  static func print(_ object: [String: Any]) throws {
    let line = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    FileHandle.standardOutput.write(line + Data("\n".utf8))
  }
}
