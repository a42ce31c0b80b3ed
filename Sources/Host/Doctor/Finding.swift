/// One thing that was looked at, and how it is.
struct Finding: Sendable {
  /// How it is.
  enum Level: String, Sendable {
    /// As it should be.
    case good
    /// It works, but slower or less than it could.
    case warning
    /// Something will not work.
    case fault
  }

  /// What was looked at.
  let subject: String
  /// How it is.
  let level: Level
  /// What was found.
  let text: String
  /// What to do about it.
  let cure: String?

  /// Describes what was found.
  init(_ subject: String, _ text: String, _ level: Level = .good, cure: String? = nil) {
    self.subject = subject
    self.level = level
    self.text = text
    self.cure = cure
  }

  /// For programs.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("subject", JSONValue(subject)), .init("level", JSONValue(level.rawValue)),
      .init("text", JSONValue(text)),
    ]
    if let cure { members.append(.init("cure", JSONValue(cure))) }
    return JSONValue(.object(members))
  }
}

extension [Finding] {
  /// A line each, subjects in a column; what is not as it should be says so and what to do.
  var text: String {
    let width = map(\.subject.count).max() ?? 0
    return map { finding in
      let label = finding.level == .good ? "" : "\(finding.level.rawValue): "
      let name = finding.subject + String(repeating: " ", count: width - finding.subject.count)
      let cure = finding.cure.map { "; \($0)" } ?? ""
      return "  \(name)  \(label)\(finding.text)\(cure)"
    }.joined(separator: "\n")
  }
}
