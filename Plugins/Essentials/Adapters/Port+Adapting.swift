import PluginAPI

extension Port {
  /// Whether a consumer of `role` would take this port's value as far as the role goes.
  func serves(_ consumer: Port) -> Bool { consumer.role == nil || consumer.role == role }

  /// The height and width, where both are known.
  var size: Size2? {
    guard let height = self["height"], let width = self["width"] else { return nil }
    return Size2(height, width)
  }

  /// The height and width `consumer` wants of this port: its own where the consumer leaves a side open.
  func size(wantedBy consumer: Port) -> Size2? {
    guard let own = size else { return nil }
    return Size2(consumer["height"] ?? own.height, consumer["width"] ?? own.width)
  }

  /// Whether every attribute that both name, except height and width, is the same.
  func agrees(with consumer: Port) -> Bool {
    attributes.allSatisfy { name, value in
      name == "height" || name == "width" || consumer[name] == nil || consumer[name] == value
    }
  }

  /// The port under the consumer's name, at another size.
  func resized(to size: Size2, for consumer: Port) -> Port {
    var port = named(consumer.name)
    port.attributes["height"] = size.height
    port.attributes["width"] = size.width
    return port
  }
}
