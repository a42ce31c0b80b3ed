import PluginAPI

/// Looks at a dataset's samples: whether each can be read, and is what its ports say.
struct DataCheck {
  let dataset: any Dataset
  let ports: [Port]
  /// Samples looked at of a split, at most, spread evenly.
  let limit: Int
  /// Faults that are listed of a split, at most.
  static let listed = 20

  /// What was found, split by split; `progress` is told how far it is.
  func findings(_ progress: (String) -> Void) -> [Finding] {
    var findings = paletteFindings
    for split in Split.allCases {
      // A folder that cannot be read is the same fault for each split.
      findings += check(split, progress).filter { finding in
        finding.level != .fault || !findings.contains { $0.text == finding.text }
      }
    }
    return findings
  }

  /// The palette names a colour for each class.
  private var paletteFindings: [Finding] {
    guard let palette = dataset.palette else { return [] }
    let count = palette.names.count
    let classes = ports.filter { $0.kind == .labelMap }.compactMap { $0["classes"] }.max()
    if let classes, classes != count {
      return [
        Finding(
          "palette", "\(count) colours for \(classes) classes", .fault,
          cure: "the dataset's plugin has to name one for each")
      ]
    }
    let repeated = count - Set(palette.colors).count
    return [
      repeated == 0
        ? Finding("palette", "\(count) classes, each with a colour of its own")
        : Finding(
          "palette", "\(repeated) of \(count) classes share another's colour", .warning,
          cure: "they look alike in pictures")
    ]
  }

  private func check(_ split: Split, _ progress: (String) -> Void) -> [Finding] {
    let name = split.rawValue
    let count: Int
    do {
      count = try dataset.count(of: split)
    } catch {
      return [Finding(name, "\(error)", .fault)]
    }
    guard count > 0 else {
      return [Finding(name, "no samples", .fault, cure: "is the folder the right one?")]
    }
    let chosen = min(count, limit)
    var faults: [String] = []
    for step in 0..<chosen {
      progress("\(name): \(step) of \(chosen) samples, \(faults.count) faults")
      let index = step * count / chosen
      do {
        var random = RandomStream(seed: 0, stream: "doctor", step: index)
        let sample = try dataset.sample(index, of: split, using: &random)
        faults += SampleCheck(sample, ports).faults.map { "sample \(index): \($0)" }
        try dataset.check(index, of: split)
      } catch {
        // Samples may share a file.
        if !faults.contains("\(error)") { faults.append("\(error)") }
      }
    }
    let looked = chosen == count ? "" : ", \(chosen) of them looked at"
    let summary = "\(count) samples\(looked)"
    guard !faults.isEmpty else { return [Finding(name, summary)] }
    let shown = faults.prefix(DataCheck.listed).map { Finding(name, $0, .fault) }
    var text = "\(summary); \(faults.count) fault\(faults.count == 1 ? "" : "s")"
    if faults.count > shown.count { text += ", \(faults.count - shown.count) not listed" }
    return shown + [Finding(name, text)]
  }
}
