/// How the tensors of a file differ from those that are expected: all differences at once.
public struct TensorMismatch: Sendable, Equatable {
  /// One difference.
  public struct Row: Sendable, Equatable {
    /// The tensor's name.
    public let name: String
    /// The expected shape; nil for a surplus tensor.
    public let expected: [Int]?
    /// The shape in the file; nil for a missing tensor.
    public let found: [Int]?
    /// What else helps, such as the name that was looked for.
    public let remark: String?

    /// Describes a difference.
    public init(_ name: String, expected: [Int]?, found: [Int]?, remark: String? = nil) {
      self.name = name
      self.expected = expected
      self.found = found
      self.remark = remark
    }
  }

  /// The differences: missing, then surplus, then mis-shaped, each sorted by name.
  public private(set) var rows: [Row]

  /// Orders differences.
  public init(_ rows: [Row]) {
    self.rows = rows.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
  }

  /// Compares shapes by name.
  public init(expected: [String: [Int]], found: [String: [Int]]) {
    let names = Set(expected.keys).union(found.keys)
    self.init(
      names.filter { expected[$0] != found[$0] }
        .map { Row($0, expected: expected[$0], found: found[$0]) })
  }

  /// True when nothing differs.
  public var isEmpty: Bool { rows.isEmpty }
  /// Names that are expected and not in the file.
  public var missing: [String] { rows.filter { $0.found == nil }.map(\.name) }
  /// Names that are in the file and not expected.
  public var surplus: [String] {
    rows.filter { $0.expected == nil && $0.found != nil }.map(\.name)
  }
  /// Names whose shapes differ.
  public var misshaped: [String] {
    rows.filter { $0.expected != nil && $0.found != nil }.map(\.name)
  }
}

extension TensorMismatch: CustomStringConvertible {
  /// The table shows so many rows of each sort and counts the others.
  public static let mostRows = 40

  /// A table with a line for each difference.
  public var description: String {
    var lines: [String] = []
    let width = rows.map(\.name.count).max() ?? 0
    for rank in 0...2 {
      let group = rows.filter { $0.rank == rank }
      for row in group.prefix(TensorMismatch.mostRows) {
        let name = row.name.padding(to: width)
        lines.append("  \(row.title.padding(to: 10))  \(name)  \(row.shapes)")
      }
      let others = group.count - TensorMismatch.mostRows
      if others > 0 { lines.append("  \(group[0].title.padding(to: 10))  and \(others) more") }
    }
    return lines.joined(separator: "\n")
  }
}

extension TensorMismatch {
  /// The differences for programs: `missing`, `surplus` and `misshaped`, each a list.
  var json: JSONValue {
    var lists: [JSONValue.Member] = []
    for (rank, title) in ["missing", "surplus", "misshaped"].enumerated() {
      let group = rows.filter { $0.rank == rank }
      lists.append(.init(title, JSONValue(group.map(\.json))))
    }
    return JSONValue(.object(lists))
  }
}

extension TensorMismatch.Row {
  fileprivate var json: JSONValue {
    var members = [JSONValue.Member("name", JSONValue(name))]
    for (key, shape) in [("expected", expected), ("found", found)] {
      guard let shape else { continue }
      members.append(.init(key, JSONValue(shape.map { JSONValue($0) })))
    }
    if let remark { members.append(.init("remark", JSONValue(remark))) }
    return JSONValue(.object(members))
  }

  fileprivate var rank: Int { found == nil ? 0 : expected == nil ? 1 : 2 }

  fileprivate var title: String { ["missing", "surplus", "mis-shaped"][rank] }

  fileprivate var shapes: String {
    let parts = [expected.map { "expected \($0)" }, found.map { "found \($0)" }, remark]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
