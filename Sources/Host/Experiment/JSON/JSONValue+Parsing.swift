import Foundation

extension JSONValue {
  /// Reads a text that must be free of faults.
  ///
  /// - Parameters:
  ///   - text: JSON5, or strict JSON.
  ///   - name: what messages call the text.
  ///   - dialect: the language it is held to.
  /// - Throws: `Diagnostics` with every fault.
  public init(
    parsing text: String, named name: String = "text", dialect: JSONParser.Dialect = .json5
  ) throws(Diagnostics) {
    try self.init(SourceText(text, name: name), dialect: dialect)
  }

  /// Reads a source text that must be free of faults.
  ///
  /// - Throws: `Diagnostics` with every fault.
  public init(_ source: SourceText, dialect: JSONParser.Dialect = .json5) throws(Diagnostics) {
    let (value, faults) = JSONParser.parse(source, dialect: dialect)
    guard let value, faults.isEmpty else { throw Diagnostics(faults) }
    self = value
  }
}
