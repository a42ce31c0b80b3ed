/// The way from the root of a tree to a value, written `losses[1].with.weight`.
public struct JSONPath: Hashable, Sendable {
  /// One step down.
  public enum Step: Hashable, Sendable {
    /// Into an object.
    case key(String)
    /// Into an array, counted from 0.
    case index(Int)
  }

  /// The steps from the root.
  public var steps: [Step]

  /// Makes a path of steps; without any it is the root's.
  public init(_ steps: [Step] = []) { self.steps = steps }

  /// True for the root.
  public var isEmpty: Bool { steps.isEmpty }

  /// The path one key further down.
  public func appending(_ key: String) -> JSONPath { JSONPath(steps + [.key(key)]) }

  /// The path one index further down.
  public func appending(_ index: Int) -> JSONPath { JSONPath(steps + [.index(index)]) }

  /// Reads `a.b[1].c`, `a.b.1.c` or `a["b.c"]`; a step of digits is an index.
  ///
  /// - Throws: `Diagnostic` for an empty step, or a bracket or quote that is not closed.
  public init(parsing text: String) throws(Diagnostic) {
    var reader = JSONPathReader(text)
    steps = try reader.steps()
  }
}

extension JSONPath: CustomStringConvertible, ExpressibleByStringLiteral {
  /// The path as typed; keys that are no plain names stand in brackets and quotes.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key) where JSONPath.isPlain(key): text += text.isEmpty ? key : ".\(key)"
      case .key(let key): text += "[\(JSONValue(key).text(style: .line))]"
      }
    }
    return text
  }

  /// Reads a path that the program itself wrote.
  public init(stringLiteral text: String) {
    guard let path = try? JSONPath(parsing: text) else {
      preconditionFailure("[JSONPath] \(text) is not a path")
    }
    self = path
  }

  /// True for a key that needs no quotes in a path.
  static func isPlain(_ key: String) -> Bool {
    guard let first = key.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return key.unicodeScalars.allSatisfy {
      $0 == "_" || $0 == "-" || $0 == "/" || $0 == "$" || $0.properties.isAlphabetic
        || ("0"..."9").contains($0)
    }
  }
}

/// Reads the spelling of a path.
private struct JSONPathReader {
  let text: String
  var rest: Substring

  init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  mutating func steps() throws(Diagnostic) -> [JSONPath.Step] {
    var steps: [JSONPath.Step] = []
    while let next = rest.first {
      if next == "[" {
        steps.append(try bracket())
      } else {
        if next == "." && !steps.isEmpty { rest.removeFirst() }
        let name = rest.prefix { $0 != "." && $0 != "[" }
        guard !name.isEmpty else { throw fault("a step is empty") }
        rest.removeFirst(name.count)
        steps.append(step(String(name)))
      }
    }
    return steps
  }

  private mutating func bracket() throws(Diagnostic) -> JSONPath.Step {
    rest.removeFirst()
    if let quote = rest.first, quote == "\"" || quote == "'" {
      let name = rest.dropFirst().prefix { $0 != quote }
      guard rest.dropFirst(name.count + 1).hasPrefix("\(quote)]") else {
        throw fault("a quote or bracket is not closed")
      }
      rest.removeFirst(name.count + 3)
      return .key(String(name))
    }
    let name = rest.prefix { $0 != "]" }
    guard rest.count > name.count else { throw fault("a bracket is not closed") }
    guard let index = Int(name), index >= 0 else {
      throw fault("[\(name)] is not an index; indices count from 0")
    }
    rest.removeFirst(name.count + 1)
    return .index(index)
  }

  private func step(_ name: String) -> JSONPath.Step {
    guard name.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = Int(name) else {
      return .key(name)
    }
    return .index(index)
  }

  private func fault(_ problem: String) -> Diagnostic {
    Diagnostic(
      "\"\(text)\" is not a path: \(problem)", kind: .path,
      suggestion: "paths are written losses[1].with.weight or losses.1.with.weight")
  }
}
