import PluginAPI

/// Whose answer a loss reads: that of a network, or of a discriminator's look at an image.
enum Look: String, CaseIterable, HyperparameterValue {
  /// Of a network that is no discriminator.
  case plain
  /// Of a discriminator, about the real image.
  case real
  /// Of a discriminator, about the generated image.
  case fake

  /// The role of the port.
  var role: Port.Role? { self == .plain ? nil : Port.Role(rawValue: rawValue) }
}
