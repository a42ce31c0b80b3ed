/// The settings of one component: a struct of ``Hyperparameter`` properties.
public protocol HyperparameterSet: Sendable {
  /// Creates the set with every default.
  init()
  /// Checks what one property alone cannot say.
  ///
  /// - Throws: ``ConfigurationError`` naming the properties that contradict each other.
  func validate() throws
  /// What one should know of values that work all the same, one sentence each: a rule of the paper that
  /// they leave, say. Shown with the resolved part.
  var remarks: [String] { get }
}

extension HyperparameterSet {
  /// Accepts every combination.
  public func validate() throws {}

  /// Nothing to remark.
  public var remarks: [String] { [] }

  /// Every property's declaration, in source order.
  public static var declarations: [HyperparameterDescription] {
    Self().wrappers.map { $0.wrapper.description(named: $0.name) }
  }

  /// Creates the set from the `with` object of an experiment file.
  ///
  /// - Throws: ``HyperparameterErrors`` with every fault found.
  public init(settings: Setting) throws {
    self.init()
    var faults: [HyperparameterError] = []
    guard case .object(let members) = settings else {
      throw HyperparameterErrors([
        HyperparameterError(
          name: "", problem: .wrongType(expected: "an object", found: settings.typeName))
      ])
    }
    let wrappers = self.wrappers
    let known = wrappers.map(\.name)
    for name in members.keys.sorted() where !known.contains(name) {
      faults.append(HyperparameterError(name: name, problem: .unknownName(known: known)))
    }
    for (name, wrapper) in wrappers {
      guard let setting = members[name] else { continue }
      do {
        try wrapper.read(setting)
      } catch let problem as HyperparameterProblem {
        faults.append(HyperparameterError(name: name, problem: problem))
      }
    }
    if !faults.isEmpty { throw HyperparameterErrors(faults) }
    do {
      try validate()
    } catch let error as ConfigurationError {
      throw HyperparameterErrors([
        HyperparameterError(name: "", problem: .contradiction(error.message))
      ])
    }
  }

  /// Every value, defaults included, as JSON.
  public var settings: Setting {
    .object(Dictionary(uniqueKeysWithValues: wrappers.map { ($0.name, $0.wrapper.current) }))
  }

  private var wrappers: [(name: String, wrapper: any DeclaredHyperparameter)] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let label = child.label, let wrapper = child.value as? any DeclaredHyperparameter
      else { return nil }
      return (String(label.dropFirst()), wrapper)  // `_latentSize` stores `latentSize`
    }
  }
}

/// The set of a component without settings.
public struct NoHyperparameters: HyperparameterSet {
  /// Creates the empty set.
  public init() {}
}
