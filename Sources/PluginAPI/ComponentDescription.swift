/// A component as the host knows it: its declarations, and how to make one.
public struct ComponentDescription: Sendable {
  /// The second half of its id.
  public let name: String
  /// What it is.
  public let kind: ComponentKind
  /// One sentence.
  public let summary: String
  /// Its settings, in source order.
  public let hyperparameters: [HyperparameterDescription]
  /// Its type, for what only a kind has.
  public let type: any Component.Type

  /// Declares a component: `.component("hinge", "Hinge loss on logits.", HingeLoss.self)`.
  public static func component<Declared: Component>(
    _ name: String, _ summary: String, _ type: Declared.Type
  ) -> ComponentDescription {
    guard let kind = ComponentKind(type) else {
      preconditionFailure("[component] \(type) conforms to no component protocol")
    }
    return ComponentDescription(
      name: name, kind: kind, summary: summary,
      hyperparameters: Declared.Hyperparameters.declarations, type: type)
  }

  /// Every setting with defaults filled in.
  ///
  /// - Throws: ``HyperparameterErrors``.
  public func completed(_ settings: Setting) throws -> Setting {
    try type.completed(settings)
  }

  /// What one should know of settings that work, see ``HyperparameterSet/remarks``.
  ///
  /// - Throws: ``HyperparameterErrors``.
  public func remarks(_ settings: Setting) throws -> [String] {
    try type.remarks(settings)
  }

  /// What it consumes under these settings.
  ///
  /// - Throws: ``HyperparameterErrors`` or ``ConfigurationError``.
  public func consumes(_ settings: Setting, in context: PortContext) throws -> [Port] {
    try type.consumes(settings, in: context)
  }

  /// What it provides under these settings and bindings.
  ///
  /// - Throws: ``HyperparameterErrors`` or ``ConfigurationError``.
  public func provides(_ settings: Setting, in context: PortContext) throws -> [Port] {
    try type.provides(settings, in: context)
  }

  /// Builds one.
  ///
  /// - Throws: ``HyperparameterErrors`` or ``ConfigurationError``.
  public func build(_ settings: Setting, in context: BuildContext) throws -> any Component {
    try type.build(settings, in: context)
  }

  /// What replaces an encoder's outputs when sampling; empty for other kinds.
  public func samplingSources(_ settings: Setting) throws -> [String: SamplingSource] {
    guard let encoder = type as? any Encoder.Type else { return [:] }
    return try encoder.samplingSources(settings: settings)
  }

  /// The port a discriminator sees in place of `port` under this view; `port` for other kinds.
  ///
  /// - Throws: ``HyperparameterErrors``.
  public func seen(_ port: Port, _ settings: Setting) throws -> Port {
    guard let view = type as? any View.Type else { return port }
    return try view.seen(port, settings: settings)
  }

  /// The verdicts an adversarial loss reads by name; empty for other kinds.
  ///
  /// - Throws: ``HyperparameterErrors``.
  public func verdicts(_ settings: Setting) throws -> [String] {
    guard let loss = type as? any AdversarialLoss.Type else { return [] }
    return try loss.verdicts(settings: settings)
  }

  /// Whose loss a term belongs to; the generator's for other kinds.
  public func side(_ settings: Setting) throws -> LossSide {
    if type is any Regularizer.Type { return .discriminator }
    guard let loss = type as? any Loss.Type else { return .generator }
    return try loss.side(settings: settings)
  }
}

// From here settings are typed again: each function reads the component's own set.

extension Component {
  static func completed(_ settings: Setting) throws -> Setting {
    try Hyperparameters(settings: settings).settings
  }
  static func remarks(_ settings: Setting) throws -> [String] {
    try Hyperparameters(settings: settings).remarks
  }
  static func consumes(_ settings: Setting, in context: PortContext) throws -> [Port] {
    try consumes(Hyperparameters(settings: settings), in: context)
  }
  static func provides(_ settings: Setting, in context: PortContext) throws -> [Port] {
    try provides(Hyperparameters(settings: settings), in: context)
  }
  static func build(_ settings: Setting, in context: BuildContext) throws -> any Component {
    try Self(Hyperparameters(settings: settings), in: context)
  }
}

extension Encoder {
  static func samplingSources(settings: Setting) throws -> [String: SamplingSource] {
    try samplingSources(Hyperparameters(settings: settings))
  }
}

extension View {
  static func seen(_ port: Port, settings: Setting) throws -> Port {
    seen(port, try Hyperparameters(settings: settings))
  }
}

extension Loss {
  static func side(settings: Setting) throws -> LossSide {
    try side(Hyperparameters(settings: settings))
  }
}

extension AdversarialLoss {
  static func verdicts(settings: Setting) throws -> [String] {
    verdicts(try Hyperparameters(settings: settings))
  }
}
