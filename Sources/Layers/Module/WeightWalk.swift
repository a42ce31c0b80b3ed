/// The walk through a module's stored properties that finds its weights.
struct WeightWalk {
  private(set) var parameters: [(path: String, parameter: Parameter)] = []
  private(set) var buffers: [(path: String, buffer: Buffer)] = []
  private var seen: Set<ObjectIdentifier> = []

  init(_ module: some Module) {
    visit(module, at: "")
  }

  private mutating func visit(_ value: Any, at path: String) {
    switch value {
    case let parameter as Parameter:
      if seen.insert(ObjectIdentifier(parameter)).inserted { parameters.append((path, parameter)) }
    case let buffer as Buffer:
      if seen.insert(ObjectIdentifier(buffer)).inserted { buffers.append((path, buffer)) }
    case let module as any Module:
      visitProperties(of: module, at: path)
    default:
      visitContents(of: value, at: path)
    }
  }

  private mutating func visitProperties(of module: any Module, at path: String) {
    var mirror: Mirror? = Mirror(reflecting: module)
    if mirror?.displayStyle == .class,
      !seen.insert(ObjectIdentifier(module as AnyObject)).inserted
    {
      return
    }
    let isEnum = mirror?.displayStyle == .enum
    while let current = mirror {
      for (label, child) in current.children {
        visit(child, at: isEnum ? path : join(path, label ?? ""))
      }
      mirror = current.superclassMirror
    }
  }

  private mutating func visitContents(of value: Any, at path: String) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      for child in mirror.children { visit(child.value, at: path) }
    case .collection:
      // Long arrays of plain numbers are not worth opening.
      if value is [Float] || value is [Int] || value is [String] { return }
      for (index, child) in mirror.children.enumerated() {
        visit(child.value, at: join(path, "\(index)"))
      }
    case .enum:
      // The payload belongs to the place the enumeration has.
      for (_, child) in mirror.children { visit(child, at: path) }
    case .tuple:
      for (label, child) in mirror.children {
        visit(child, at: join(path, (label ?? "").trimmingPrefix(".").description))
      }
    case .dictionary:
      let entries = mirror.children.compactMap { $0.value as? (key: AnyHashable, value: Any) }
      for (key, child) in entries.map({ ("\($0.key)", $0.value) }).sorted(by: { $0.0 < $1.0 }) {
        visit(child, at: join(path, key))
      }
    default:
      return
    }
  }

  private func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
