import PluginAPI

/// What the host would tell a component: images of this size, and nothing in slots.
func context(_ bound: [Port] = [], provided: [Port] = [], side: Int = 16) -> BuildContext {
  let image = Port.image("image", side: side)
  let ports = PortContext(
    bound: Dictionary(uniqueKeysWithValues: bound.map { ($0.name, $0) }), image: image
  ) { _, _, _ in [] }
  return BuildContext(
    ports: ports, provided: Dictionary(uniqueKeysWithValues: provided.map { ($0.name, $0) })
  ) { throw ConfigurationError("no part \($0.use)") }
}

/// How the host calls a component in evaluation.
var call: CallContext {
  CallContext(training: false, updatesBuffers: false, seed: 1, stream: "test", step: 0)
}
