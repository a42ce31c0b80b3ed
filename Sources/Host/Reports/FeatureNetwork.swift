import PluginAPI

/// A feature network that a figure was seen through.
struct FeatureNetwork: Equatable {
  /// The path of the perceptor, or that of the part whose slot holds it and the slot's name.
  let path: String
  /// Its id.
  let use: String
  /// The run folder or weights file that it was filled from.
  let weights: String?
  /// Whether weights were given to it or a phase of the run updates it.
  let isTrained: Bool
  /// A hash of its parameters and buffers.
  let hash: String

  /// What records of figures say of it.
  var json: JSONValue {
    [
      "path": JSONValue(path), "use": JSONValue(use),
      "weights": weights.map { JSONValue($0) } ?? JSONValue(.null),
      "isTrained": JSONValue(isTrained), "hash": JSONValue(hash),
    ]
  }
}

extension Networks {
  /// The feature networks that a metric looks through, with a hash of the weights they have now.
  func featureNetworks(of path: String) -> [FeatureNetwork] {
    resolution.perceptors(of: path).map { network in
      let owner =
        resolution.order.filter { network.path.isUnder($0) }.max { $0.count < $1.count } ?? path
      return FeatureNetwork(
        path: network.path, use: network.use,
        weights: resolution.parts[network.path]?.part.weights, isTrained: !network.isUntrained,
        hash: weightsHash(of: owner))
    }
  }

  /// A hash of all numbers that a part holds: parameters, then buffers, in the order of declaration.
  ///
  /// What stands in the part's slots counts with it; what belongs to another part of the experiment
  /// does not.
  private func weightsHash(of path: String) -> String {
    guard let module = components[path] as? any Module else { return ContentHash().digits }
    let others = Set(
      parameters.filter { !$0.path.isUnder(path) }.map { ObjectIdentifier($0.parameter) }
        + buffers.filter { !$0.path.isUnder(path) }.map { ObjectIdentifier($0.buffer) })
    var hash = ContentHash()
    for (_, parameter) in module.namedParameters
    where !others.contains(ObjectIdentifier(parameter)) {
      hash.add(parameter.value.scalars())
    }
    for (_, buffer) in module.namedBuffers where !others.contains(ObjectIdentifier(buffer)) {
      hash.add(buffer.value.scalars())
    }
    return hash.digits
  }
}
