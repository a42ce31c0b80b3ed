/// Finds the known name that a misspelt one most likely means.
public enum NearestName {
  /// The nearest candidate, or nil when none is near enough to be meant.
  ///
  /// Near are names that differ in case only, or by about a third of their letters. A candidate
  /// `plugin/name` is also found by a misspelling of either half. Ties go to the first candidate.
  public static func find(_ name: String, among candidates: [String]) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
      let distance = distance(name.lowercased(), candidate.lowercased())
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    if let best, best.distance <= allowance(name, best.name) { return best.name }
    return candidates.first { candidate in
      guard let half = candidate.split(separator: "/").last, candidate != name else { return false }
      let typed = name.split(separator: "/").last ?? ""
      return !typed.isEmpty && half.lowercased() == typed.lowercased()
    }
  }

  /// `did you mean x?`, or the list of known names when none is near.
  public static func suggestion(for name: String, among known: [String]) -> String? {
    if let nearest = find(name, among: known) { return "did you mean \"\(nearest)\"?" }
    guard !known.isEmpty else { return nil }
    return "known: \(known.joined(separator: ", "))"
  }

  /// The number of edits that turn one name into another: insertion, deletion, replacement, and
  /// exchange of neighbours (Damerau–Levenshtein, optimal alignment).
  public static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.unicodeScalars.prefix(128))
    let b = Array(second.unicodeScalars.prefix(128))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(
          last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          cost = min(cost, beforeLast[j - 2] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }

  private static func allowance(_ a: String, _ b: String) -> Int {
    let length = max(a.count, b.count)
    return length <= 3 ? 1 : max(2, length / 3)
  }
}
