import Foundation

/// What of the machine decides whether training works, and how fast.
struct MachineCheck {
  /// The variables of the process.
  var environment = ProcessInfo.processInfo.environment
  /// `/proc/cpuinfo`.
  var processors = MachineCheck.contents("/proc/cpuinfo")
  /// The processor time this process may use, `quota period` in microseconds or `max …`.
  var quota = MachineCheck.contents("/sys/fs/cgroup/cpu.max")
  /// How many threads loops are given.
  var threads = LinkedLibrary.threads
  /// How many processors this process may run on.
  var available = ProcessInfo.processInfo.activeProcessorCount

  /// Everything that was looked at.
  var findings: [Finding] {
    let (libraries, missing) = LinkedLibrary.all()
    return [processor, threadsFinding, memory]
      + libraries.map { library in
        Finding(
          library.name, [library.version, library.path].compactMap(\.self).joined(separator: ", "))
      }
      + missing.map {
        Finding($0, "not found in this process", .fault, cure: "make installs what is missing")
      }
      + variables
  }

  private static func contents(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  // MARK: - Processor, threads, memory

  private func field(_ name: String) -> String? {
    processors.split(separator: "\n").first { $0.hasPrefix(name) }?
      .split(separator: ":").dropFirst().joined(separator: ":").trimmingCharacters(in: .whitespaces)
  }

  var processor: Finding {
    let flags = Set(
      (field("flags") ?? field("Features") ?? "").split(separator: " ").map(String.init))
    let known = ["avx2", "fma", "avx512f", "avx512_bf16", "amx_tile", "asimd"]
    let name = field("model name") ?? "a processor without a name"
    let features = known.filter(flags.contains).joined(separator: " ")
    let isSlow = flags.isDisjoint(with: ["avx2", "asimd"])
    return Finding(
      "processor", "\(name)\(features.isEmpty ? "" : ", \(features)")", isSlow ? .warning : .good,
      cure: isSlow ? "without AVX2 convolutions run several times slower" : nil)
  }

  var threadsFinding: Finding {
    let text = "\(threads) for \(available) processors"
    if let limit = allowance, limit + 0.01 < Double(threads) {
      return Finding(
        "threads", "\(text), but only \(Format.fixed(limit, 1)) processors' time is allowed",
        .warning,
        cure: "OMP_NUM_THREADS=\(max(1, Int(limit))) keeps threads from waiting for each other")
    }
    if threads < available {
      return Finding("threads", text, .warning, cure: "unset OMP_NUM_THREADS to use them all")
    }
    if threads > available {
      return Finding(
        "threads", text, .warning,
        cure: "OMP_NUM_THREADS=\(available) keeps threads from waiting for each other")
    }
    return Finding("threads", text)
  }

  /// The processors whose time a container allows; `nil` for all.
  private var allowance: Double? {
    let words = quota.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    return words.count == 2 && words[1] > 0 ? words[0] / words[1] : nil
  }

  private var memory: Finding {
    let bytes = ProcessInfo.processInfo.physicalMemory
    let text = FileError.size(Int(bytes))
    return bytes < 2_000_000_000
      ? Finding("memory", text, .warning, cure: "small images and batches only")
      : Finding("memory", text)
  }

  // MARK: - Variables that change speed

  /// Those that are set, and what they do.
  var variables: [Finding] {
    let slow: [(name: String, isSlow: (String) -> Bool, effect: String)] = [
      (
        "OPENBLAS_CORETYPE", { _ in true },
        "OpenBLAS uses kernels for that processor, whatever this one is: eigenvalues and QR may take "
          + "twice as long; unset it before the program starts"
      ),
      (
        "ONEDNN_MAX_CPU_ISA", { _ in true },
        "oneDNN leaves out newer instructions, on which convolutions depend; unset it"
      ),
      (
        "DNNL_MAX_CPU_ISA", { _ in true },
        "oneDNN leaves out newer instructions, on which convolutions depend; unset it"
      ),
      (
        "OMP_WAIT_POLICY", { $0.lowercased() == "passive" },
        "threads sleep between loops instead of waiting, and waking them costs more than a short loop; "
          + "unset it"
      ),
      (
        "GOMP_SPINCOUNT", { Double($0).map { $0 < 1000 } ?? false },
        "threads sleep between loops almost at once, and waking them costs more than a short loop; "
          + "unset it"
      ),
      (
        "OMP_DYNAMIC", { $0.lowercased() == "true" },
        "runs repeat bit for bit only without it; unset it"
      ),
      ("OMP_NUM_THREADS", { _ in false }, ""), ("OMP_PROC_BIND", { _ in false }, ""),
      ("OMP_THREAD_LIMIT", { _ in false }, ""),
    ]
    return slow.compactMap { name, isSlow, effect in
      environment[name].map { value in
        isSlow(value)
          ? Finding(name, value, .warning, cure: effect) : Finding(name, value)
      }
    }
  }
}
