extension JSONValue {
  /// The ways to write a value.
  public enum Style: Sendable {
    /// Two spaces per level; arrays and objects that fit into a line of 100 columns stay on one.
    case pretty
    /// Everything on one line, for JSON Lines.
    case line
    /// One line without spaces and with sorted keys: equal values give equal bytes, for hashes.
    case canonical
  }

  /// The value as strict JSON, keys in the order of the source, without a final line end.
  ///
  /// A number that JSON cannot spell becomes the string `"NaN"`, `"Infinity"` or `"-Infinity"`.
  public func text(style: Style = .pretty) -> String {
    var text = ""
    write(into: &text, style: style, indent: 0, reserved: 0)
    return text
  }

  private func write(into text: inout String, style: Style, indent: Int, reserved: Int) {
    switch kind {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value, let spelling):
      text += style == .canonical ? canonicalNumber(value) : JSONValue.spell(value, spelling)
    case .string(let value): JSONValue.quote(value, into: &text)
    case .array(let values):
      let entries = values.map { (key: String?.none, value: $0) }
      JSONValue.write(entries, "[", "]", into: &text, style: style, indent, reserved)
    case .object(let members):
      var entries = members.map { (key: String?.some($0.key), value: $0.value) }
      if style == .canonical { entries.sort { ($0.key ?? "") < ($1.key ?? "") } }
      JSONValue.write(entries, "{", "}", into: &text, style: style, indent, reserved)
    }
  }

  private static func write(
    _ entries: [(key: String?, value: JSONValue)], _ open: String, _ close: String,
    into text: inout String, style: Style, _ indent: Int, _ reserved: Int
  ) {
    if entries.isEmpty || style != .pretty {
      let gap = style == .canonical ? "" : " "
      writeLine(entries, open, close, gap: gap, into: &text, style: style)
      return
    }
    // A short container of plain values stays on one line, if it fits behind what stands before.
    if indent > 0, entries.allSatisfy({ $0.value.isShallow }) {
      var line = ""
      writeLine(entries, open, close, gap: " ", into: &line, style: .line)
      if line.count + reserved + indent * 2 <= 98 {
        text += line
        return
      }
    }
    let margin = String(repeating: "  ", count: indent + 1)
    text += open + "\n"
    for (offset, entry) in entries.enumerated() {
      text += margin
      var label = ""
      if let key = entry.key {
        quote(key, into: &label)
        label += ": "
      }
      text += label
      entry.value.write(
        into: &text, style: style, indent: indent + 1, reserved: label.count)
      text += offset + 1 < entries.count ? ",\n" : "\n"
    }
    text += margin.dropLast(2) + close
  }

  private static func writeLine(
    _ entries: [(key: String?, value: JSONValue)], _ open: String, _ close: String, gap: String,
    into text: inout String, style: Style
  ) {
    text += open
    for (offset, entry) in entries.enumerated() {
      if offset > 0 { text += "," + gap }
      if let key = entry.key {
        quote(key, into: &text)
        text += ":" + gap
      }
      entry.value.write(into: &text, style: style, indent: 0, reserved: 0)
    }
    text += close
  }

  /// True for plain values, and for containers of nothing but plain values.
  private var isShallow: Bool {
    switch kind {
    case .array(let values): values.allSatisfy { $0.isPlain }
    case .object(let members): members.allSatisfy { $0.value.isPlain }
    default: true
    }
  }

  private var isPlain: Bool {
    switch kind {
    case .array, .object: false
    default: true
    }
  }

  /// By value, however it was spelt.
  private func canonicalNumber(_ value: Double) -> String {
    if let whole = integer(Int64.self) { return "\(whole)" }
    if let whole = integer(UInt64.self) { return "\(whole)" }
    return JSONValue.spell(value, "")
  }

  private static func spell(_ value: Double, _ spelling: String) -> String {
    if value.isFinite { return JSONNumber.canonical(value, text: spelling) }
    return value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\""
  }

  /// Appends a string in quotes; control characters and line separators are escaped.
  static func quote(_ value: String, into text: inout String) {
    let short: [Unicode.Scalar: String] = [
      "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    ]
    text += "\""
    for scalar in value.unicodeScalars {
      if let escape = short[scalar] {
        text += escape
      } else if scalar.value < 0x20 || (0x2028...0x2029).contains(scalar.value)
        || scalar.value == 0x7F
      {
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
