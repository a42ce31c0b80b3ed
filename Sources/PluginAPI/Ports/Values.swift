/// Named tensors: what flows between components.
///
/// A port of one tensor has the port's name; a port of several has dotted names, such as
/// `caption.tokens` and `caption.lengths`, or `features.0`, `features.1`, ….
public struct Values: ExpressibleByDictionaryLiteral {
  /// The tensors by name.
  public private(set) var tensors: [String: Tensor]

  /// Creates values from named tensors.
  public init(_ tensors: [String: Tensor] = [:]) { self.tensors = tensors }

  /// Creates values from a literal; of a repeated name the last stays.
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    tensors = Dictionary(elements) { $1 }
  }

  /// The tensor of that name, which must be there: the component declared that it consumes it.
  public subscript(name: String) -> Tensor {
    get {
      guard let tensor = tensors[name] else {
        preconditionFailure("[Values] no value named \(name); there are \(names)")
      }
      return tensor
    }
    set { tensors[name] = newValue }
  }

  /// The tensor of that name, or `nil`.
  public func tensor(_ name: String) -> Tensor? { tensors[name] }

  /// The tensors `name.0`, `name.1`, … in order, or the one called `name`; of several scales all of
  /// the first, then all of the second.
  public func list(_ name: String) -> [Tensor] { scales(name).flatMap { $0 } }

  /// The tensors of each scale or view: `name.0.0`, `name.0.1`, …, then `name.1.0`, …; one scale
  /// where they are `name.0`, `name.1`, …, and none where there are no such tensors.
  public func scales(_ name: String) -> [[Tensor]] {
    if let single = tensors[name] { return [[single]] }
    let flat = numbered(name)
    if !flat.isEmpty { return [flat] }
    var result: [[Tensor]] = []
    while true {
      let scale = numbered("\(name).\(result.count)")
      if scale.isEmpty { return result }
      result.append(scale)
    }
  }

  private func numbered(_ name: String) -> [Tensor] {
    var result: [Tensor] = []
    while let tensor = tensors["\(name).\(result.count)"] { result.append(tensor) }
    return result
  }

  /// Stores tensors as `name.0`, `name.1`, ….
  public mutating func set(_ name: String, _ list: [Tensor]) {
    for (index, tensor) in list.enumerated() { tensors["\(name).\(index)"] = tensor }
  }

  /// Stores the tensors of several scales as `name.0.0`, `name.0.1`, …, `name.1.0`, …; those of one
  /// scale as `name.0`, `name.1`, ….
  public mutating func set(_ name: String, scales: [[Tensor]]) {
    guard scales.count != 1 else {
      set(name, scales[0])
      return
    }
    for (index, scale) in scales.enumerated() { set("\(name).\(index)", scale) }
  }

  /// Every name, sorted.
  public var names: [String] { tensors.keys.sorted() }

  /// The values of one port: the tensor of its name and those whose names begin with it and a dot.
  public func port(_ name: String) -> Values {
    Values(tensors.filter { $0.key == name || $0.key.hasPrefix(name + ".") })
  }

  /// These values with all of `other`'s; a name in both keeps `other`'s.
  public func merging(_ other: Values) -> Values {
    Values(tensors.merging(other.tensors) { $1 })
  }

  /// These values with a port renamed, parts included.
  public func renaming(_ old: String, to new: String) -> Values {
    Values(
      Dictionary(
        tensors.map { key, tensor in
          if key == old { return (new, tensor) }
          if key.hasPrefix(old + ".") { return (new + key.dropFirst(old.count), tensor) }
          return (key, tensor)
        }, uniquingKeysWith: { $1 }))
  }

  /// The same numbers without their history.
  public func detached() -> Values { Values(tensors.mapValues { $0.detached() }) }

  /// A transformed copy.
  public func map(_ transform: (String, Tensor) -> Tensor) -> Values {
    Values(Dictionary(uniqueKeysWithValues: tensors.map { ($0.key, transform($0.key, $0.value)) }))
  }
}
