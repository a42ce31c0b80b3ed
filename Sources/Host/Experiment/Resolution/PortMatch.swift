import PluginAPI

/// How a consumer's port meets a provider's.
enum PortMatch {
  /// The consumer's port with the sizes of both, or `nil` if they cannot meet.
  static func unify(_ consumer: Port, _ provider: Port) -> Port? {
    guard consumer.kind == provider.kind else { return nil }
    if let role = consumer.role, provider.role != role { return nil }
    // A vector is no map.
    let isVector = consumer["size"] != nil || provider["size"] != nil
    let isMap = consumer["height"] != nil || provider["height"] != nil
    guard !(isVector && isMap) else { return nil }
    var result = consumer
    for (name, size) in provider.attributes {
      if let wanted = consumer.attributes[name] {
        guard wanted == size else { return nil }
      } else {
        result.attributes[name] = size
      }
    }
    if result.role == nil { result.role = provider.role }
    return result
  }

  /// The only candidate, or the one that a consumer most likely means: of the same name, else of
  /// the target's role, else without any role.
  static func preferred<Candidate>(
    _ candidates: [Candidate], for consumer: Port, port: (Candidate) -> Port
  ) -> Candidate? {
    if candidates.count == 1 { return candidates[0] }
    let rules: [(Port) -> Bool] = [
      { $0.name == consumer.name && ($0.role == nil || $0.role == .target) },
      { $0.name == consumer.name },
      { $0.role == .target },
      { $0.role == nil },
    ]
    for rule in rules {
      let matching = candidates.filter { rule(port($0)) }
      if matching.count == 1 { return matching[0] }
    }
    return nil
  }
}

/// Finds the adapters that turn what there is into what is asked.
struct AdapterSearch {
  let adapters: [(id: String, component: ComponentDescription)]

  /// One way from a provider to a consumer.
  struct Route {
    let provider: Provider
    let steps: [AdapterUse]
    let port: Port
  }

  init(_ catalog: Catalog) {
    adapters = catalog.ids(of: .adapter).compactMap { id in
      catalog.components[id].map { (id, $0) }
    }
  }

  /// The shortest routes: through one adapter, or if there is none, through two.
  func routes(to consumer: Port, from providers: [Provider]) -> [Route] {
    let single = providers.flatMap { provider in
      step(from: provider.port, to: consumer).compactMap { use in
        PortMatch.unify(consumer, use.to).map { Route(provider: provider, steps: [use], port: $0) }
      }
    }
    guard single.isEmpty else { return single }
    return providers.flatMap { provider in
      // The first step keeps the provider's kind and takes the consumer's size.
      var middle = Port(
        provider.port.name, provider.port.kind, attributes: provider.port.attributes,
        role: provider.port.role)
      for name in ["height", "width"] { middle.attributes[name] = consumer.attributes[name] }
      return step(from: provider.port, to: middle).flatMap { first in
        step(from: first.to, to: consumer).compactMap { second in
          PortMatch.unify(consumer, second.to)
            .map { Route(provider: provider, steps: [first, second], port: $0) }
        }
      }
    }
  }

  private func step(from provider: Port, to consumer: Port) -> [AdapterUse] {
    adapters.compactMap { id, component in
      guard let adapter = component.type as? any Adapter.Type,
        let result = adapter.adapted(provider, for: consumer)
      else { return nil }
      // Named after what it is made of: consumers of different names share it.
      return AdapterUse(
        id: id, component: component, from: provider, to: result.named(provider.name))
    }
  }
}
