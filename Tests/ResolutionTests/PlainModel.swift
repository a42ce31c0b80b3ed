import PluginAPI

/// A model without weights whose code is one colour for the whole image: red and green are the code,
/// blue is the map of edges.
final class PlainModel: TrainedModel {
  let name = "a plain generator"
  let image = Port.image("image", height: 16, width: 16)
  let conditions = [
    Port.map("labels", .labelMap, classes: 5, height: 16, width: 16),
    Port.map("edges", .edges, height: 16, width: 16),
  ]
  let latents = [Port.latent("z", size: 2)]
  var encodedFields: [Port] { [image] }

  func drawn(_ count: Int, for fields: Values, seed: UInt64) -> Values {
    var random = RandomStream(seed: seed, stream: "plain")
    return ["z": .normal([count, 2], using: &random)]
  }

  /// The mean of red and of green.
  func encoded(_ fields: Values) -> Values {
    ["z": fields["image"].mean(axes: [1, 2]).sliced(axis: 1, from: 0, to: 2)]
  }

  func generated(from fields: Values, _ latents: Values, seed: UInt64) -> Tensor {
    let edges = fields["edges"]  // [N, 16, 16, 1]
    let z = latents["z"].reshaped([edges.shape[0], 1, 1, 2])
      .broadcast(to: [edges.shape[0], 16, 16, 2])
    return Tensor.concatenated([z, edges * 2 - 1], axis: 3).evaluated()
  }

  func classLatent() throws -> ClassLatent {
    throw ConfigurationError("\(name) has no code for each class")
  }
}
