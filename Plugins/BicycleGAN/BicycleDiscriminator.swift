import PluginAPI

/// Judges patches of an image, at full size and at halves of it, beside its condition only if asked.
///
/// Each scale has weights of its own and half the channels of the one before. Convolutions have
/// biases, before norms too.
///
/// - Source: arXiv:1711.11586, section 4.1, with the details of its authors' code.
struct BicycleDiscriminator: Discriminator, Importable {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Channels of the first layer at full size, doubled up to 8 times that.", in: 1...512)
    var width = 64
    @Hyperparameter("Number of scales, each half the one before.", in: 1...4)
    var scales = 2
    @Hyperparameter("Whether it sees the condition too.")
    var isConditional = false
    @Hyperparameter("What the condition is: one plane a class, or a picture.")
    var condition = Condition.labels
    @Hyperparameter("Verdicts on each patch, that of the whole last.", in: 1...4096)
    var verdicts = 1
  }

  let scales: [BicyclePatches]
  private let isConditional: Bool

  static func consumes(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    let image = Port.image("image", channels: nil)
    return hyperparameters.isConditional
      ? [image, hyperparameters.condition.port(nil)] : [image]
  }

  /// - Throws: `ConfigurationError` where the smallest scale leaves no logit.
  static func provides(
    _ hyperparameters: Hyperparameters, in context: PortContext
  ) throws -> [Port] {
    let scales = hyperparameters.scales
    // Three halvings leave 3 places at least, of which two kernels of side 4 leave one logit.
    let least = 24 << (scales - 1)
    if let side = context.bound["image"]?.shortestSide, side < least {
      throw ConfigurationError(
        "an image of side \(side) is too small for \(scales) scales, which need \(least); "
          + "choose fewer scales, larger images or larger views")
    }
    return [.logits("logits", count: scales), .features("features", layers: 4)]
  }

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let beside =
      hyperparameters.isConditional ? try hyperparameters.condition.channels(in: context) : 0
    let channels = try beside + context.size("channels", of: "image")
    scales = (0..<hyperparameters.scales).map {
      BicyclePatches(
        channels, hyperparameters.verdicts, width: max(hyperparameters.width >> $0, 1))
    }
    isConditional = hyperparameters.isConditional
  }

  func features(_ inputs: Values, in context: CallContext) -> Values {
    var x = inputs["image"]
    if isConditional { x = .concatenated([inputs["condition"], x], axis: 3) }
    let features = scales.enumerated().map { index, scale in
      if index > 0 { x = avgPool2d(x, kernel: 3, stride: 2, padding: 1, countsPadding: false) }
      return scale.features(x)
    }
    var values = Values()
    values.set("features", scales: features)
    return values
  }

  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values {
    var values = features
    let lasts = features.scales("features").map { $0[$0.count - 1] }
    values.set("logits", zip(scales, lasts).map { $0.head($1) })
    return values
  }

  /// One sequence a scale, in which norms and activations are numbered too.
  var publishedNames: [String: String] {
    var names: [String: String] = [:]
    for (index, scale) in scales.enumerated() {
      for (place, conv) in (scale.convs + [scale.head]).enumerated() {
        let path = place < 4 ? "convs.\(place)" : "head"
        let position = place == 0 ? 0 : 3 * place - 1
        for (name, _) in conv.namedParameters {
          names["scales.\(index).\(path).\(name)"] = "model_\(index).\(position).\(name)"
        }
      }
    }
    return names
  }

  /// The heads': a published network has the verdict of the whole.
  var importableByLastRow: Set<String> {
    Set(publishedNames.keys.filter { $0.contains(".head.") })
  }
}

/// Four convolutions of side 4, three of them with stride, and one more to the logits.
struct BicyclePatches: Module {
  let convs: [Conv2d]
  let norms: [InstanceNorm2d]
  let head: Conv2d

  init(_ inChannels: Int, _ outChannels: Int, width: Int) {
    let channels = [inChannels, width, 2 * width, 4 * width, 8 * width]
    convs = (0..<4).map { index in
      convolution(channels[index], channels[index + 1], kernel: 4, stride: index < 3 ? 2 : 1)
    }
    norms = channels.dropFirst(2).map { InstanceNorm2d($0) }
    head = convolution(8 * width, outChannels, kernel: 4)
  }

  /// The output of every layer but the last.
  func features(_ x: Tensor) -> [Tensor] {
    var outputs = [convs[0](x).leakyRelu(0.2)]
    for (conv, norm) in zip(convs.dropFirst(), norms) {
      outputs.append(norm(conv(outputs[outputs.count - 1])).leakyRelu(0.2))
    }
    return outputs
  }
}
