import PluginAPI

extension Palette {
  /// Reads lines of a colour, as six hexadecimal digits, and a name.
  init(lines: String) {
    self.init(
      lines.split(separator: "\n").map { line in
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let color = UInt32(parts[0], radix: 16) else {
          preconditionFailure("[Palette] \(line) is no colour and name")
        }
        return (
          String(parts[1]),
          RGB(
            UInt8(truncatingIfNeeded: color >> 16), UInt8(truncatingIfNeeded: color >> 8),
            UInt8(truncatingIfNeeded: color))
        )
      })
  }

  /// Reads names separated by commas, and gives them colours.
  init(names: String) {
    let words = names.replacing("\n", with: " ").split(separator: ",")
    let colors = Palette.distinct(words.count).colors
    self.init(
      zip(words, colors).map { word, color in
        (word.split(separator: " ").joined(separator: " "), color)
      })
  }
}
