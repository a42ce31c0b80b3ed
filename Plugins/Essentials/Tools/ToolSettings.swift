import PluginAPI

/// A file of a field of the model, written `edges=edges.png`.
struct NamedFile: HyperparameterValue {
  let name: String
  let path: String

  static let typeName = "\"name=file\""

  /// - Throws: `HyperparameterProblem` for another form.
  init(setting: Setting) throws {
    guard case .string(let text) = setting, let equals = text.firstIndex(of: "="),
      equals != text.startIndex
    else { throw HyperparameterProblem.wrongType(expected: Self.typeName, found: setting.text) }
    name = String(text[..<equals])
    path = String(text[text.index(after: equals)...])
  }

  var setting: Setting { .string("\(name)=\(path)") }
}

/// A class and what it gets, written `4=1`.
struct ClassChoice: HyperparameterValue {
  let chosen: Int
  let value: Int

  static let typeName = "\"class=number\""

  /// - Throws: `HyperparameterProblem` for another form.
  init(setting: Setting) throws {
    guard case .string(let text) = setting,
      let parts = Optional(text.split(separator: "=", omittingEmptySubsequences: false)),
      parts.count == 2, let chosen = Int(parts[0]), let value = Int(parts[1])
    else { throw HyperparameterProblem.wrongType(expected: Self.typeName, found: setting.text) }
    (self.chosen, self.value) = (chosen, value)
  }

  var setting: Setting { .string("\(chosen)=\(value)") }
}

/// A rectangle of a class, written `class=3,rect=10,20,30,40`: left, top, width and height in
/// pixels.
struct Patch: HyperparameterValue {
  let chosen: Int
  let left: Int
  let top: Int
  let width: Int
  let height: Int

  static let typeName = "\"class=C,rect=X,Y,W,H\""

  /// - Throws: `HyperparameterProblem` for another form, or a rectangle without pixels.
  init(setting: Setting) throws {
    guard case .string(let text) = setting,
      let match = text.wholeMatch(of: /class=(\d+),rect=(-?\d+),(-?\d+),(\d+),(\d+)/),
      let chosen = Int(match.1), let left = Int(match.2), let top = Int(match.3),
      let width = Int(match.4), let height = Int(match.5), width > 0, height > 0
    else { throw HyperparameterProblem.wrongType(expected: Self.typeName, found: setting.text) }
    (self.chosen, self.left, self.top, self.width, self.height) = (chosen, left, top, width, height)
  }

  var setting: Setting { .string("class=\(chosen),rect=\(left),\(top),\(width),\(height)") }
}
