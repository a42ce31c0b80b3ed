import PluginAPI

extension PortContext {
  /// The port through which a perceptor gives features.
  ///
  /// - Throws: `ConfigurationError` where it gives none, or does not say of how many layers.
  func features(of slot: ComponentReference) throws -> (port: Port, layers: Int) {
    let provided = try provided(by: slot)
    guard let port = provided.first(where: { $0.name == "features" }), let layers = port["layers"]
    else {
      throw ConfigurationError(
        "\(slot.use) gives no features, only \(provided.map(\.name).joined(separator: ", "))")
    }
    return (port, layers)
  }
}
