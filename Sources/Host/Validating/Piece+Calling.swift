import PluginAPI

extension Piece {
  /// Made-up values of everything that the component is called with.
  ///
  /// - Throws: `CheckSkipped` where a port has a kind of its own, of which nothing is known.
  func inputs(count: Int = 2, purpose: String = "inputs") throws -> Values {
    var random = subject.random(purpose)
    var values = Values()
    for port in workpiece.consumed {
      guard let example = port.example(count: count, using: &random) else {
        throw CheckSkipped("there are no made-up values of the port \(port.name), \(port)")
      }
      values = values.merging(example)
    }
    return values.merging(try others(count, &random)).map { $1.evaluated() }
  }

  /// What a kind is called with beside its ports.
  private func others(_ count: Int, _ random: inout RandomStream) throws -> Values {
    let (height, width) = (size.height, size.width)
    switch subject.kind {
    case .adversarialLoss:
      let named = try subject.description.verdicts(settings)
      var values = Values()
      for judgement in JudgementKind.allCases {
        for verdict in named.isEmpty ? ["logits"] : named {
          let maps = (0..<2).map { _ in Tensor.normal([count, 4, 4, 1], using: &random) }
          values.set("\(judgement.rawValue).\(verdict)", maps)
        }
      }
      return values
    case .regularizer:
      return [
        "critic.real": .uniform([count, height, width, 3], in: -1...1, using: &random),
        "critic.fake": .uniform([count, height, width, 3], in: -1...1, using: &random),
        "critic.weight": .normal([1, 1, 1, 3], using: &random),
      ]
    case .view:
      return [
        "map": .uniform([count, height, width, 3], in: -1...1, using: &random),
        "labels": (Tensor.uniform([count, height, width], using: &random) * 4.99).floor(),
      ]
    case .latent: return ["batch": .zeros([count])]
    case .optimizer:
      var values: Values = ["parameter": .normal([3, 5], using: &random)]
      values.set("gradient", (0..<3).map { _ in .normal([3, 5], using: &random) })
      return values
    case .adapter:
      guard let (provider, _) = adapted else {
        throw CheckSkipped("it adapts nothing between ports of the kinds that are known")
      }
      guard let example = provider.example(count: count, using: &random) else {
        throw CheckSkipped("there are no made-up values of \(provider)")
      }
      return example
    default: return [:]
    }
  }

  /// Calls the component: every number that comes of it, by name.
  ///
  /// - Throws: what it throws.
  func callAsFunction(_ inputs: Values, _ context: CallContext) throws -> Values {
    switch workpiece.component {
    case let latent as any Latent:
      return latent(inputs["batch"].shape[0], inputs, in: context)
    case let view as any View:
      let image = Port.image("map", height: size.height, width: size.width)
      let labels = Port.labelMap("labels", classes: 5).sized(size)
      var values = Values()
      values.set("views", view(inputs["map"], of: image, inputs))
      values.set("labelViews", view(inputs["labels"], of: labels, inputs))
      return values
    case let regularizer as any Regularizer:
      return ["penalty": penalty(regularizer, inputs, context)]
    case let optimizer as any Optimizer: return steps(optimizer, inputs)
    case let schedule as any Schedule:
      let factors = [0, 1, 10, 1000, 1_000_000].map {
        schedule.factor(at: TrainingProgress(step: $0, images: $0 * 8, epoch: $0 / 10))
      }
      return ["factors": Tensor(factors, [factors.count])]
    case let metric as any Metric:
      return withoutGradient {
        let measurement = metric.measurement()
        measurement.add(inputs)
        return Values(
          Dictionary(measurement.figures.map { ($0.name, Tensor(Float($0.value))) }) { $1 })
      }
    case let metric as any ModelMetric:
      return withoutGradient {
        let model = MadeUpModel(size)
        var random = subject.random("fields")
        let measurement = metric.measurement(of: model)
        measurement.add(model.fields(using: &random))
        return Values(
          Dictionary(measurement.figures.map { ($0.name, Tensor(Float($0.value))) }) { $1 })
      }
    case let tool as any Tool: return try pictures(of: tool)
    case let adapter as any Adapter:
      guard let (provider, result) = adapted else { return [:] }
      return adapter(inputs, from: provider, to: result)
    case let dataset as any Dataset: return try samples(of: dataset)
    default:
      let application = Application(
        workpiece: workpiece, isTraining: context.isTraining, source: "made-up inputs",
        given: inputs.tensors)
      return try application.outputs(inputs, context)
    }
  }

  // MARK: - Kinds

  /// A smooth critic whose gradient depends on its weight.
  private func penalty(
    _ regularizer: any Regularizer, _ inputs: Values, _ context: CallContext
  ) -> Tensor {
    let weight = inputs["critic.weight"]
    let critic = Critic(
      real: inputs["critic.real"], fake: inputs["critic.fake"], condition: [:]
    ) { image, _ in
      let verdict = (image.square() * weight + (image * weight).tanh()).mean(axes: [1, 2, 3])
      return Judgement(["logits": verdict])
    }
    return regularizer(critic, inputs, in: context)
  }

  /// Three steps of an optimizer, and the state after them.
  private func steps(_ optimizer: any Optimizer, _ inputs: Values) -> Values {
    let start = inputs["parameter"]
    let parameter = Parameter(start.shape, initial: .zeros)
    parameter.value = start
    var state = optimizer.initialState(for: start)
    for (index, gradient) in inputs.list("gradient").enumerated() {
      parameter.update(&state) { value, state in
        optimizer.step(
          value, gradient: gradient, state: &state, learningRate: optimizer.learningRate,
          count: index + 1)
      }
    }
    var values: Values = ["parameter": parameter.value.detached()]
    for (name, tensor) in state { values["state.\(name)"] = tensor }
    return values
  }

  /// What a tool makes of a made-up model.
  ///
  /// - Throws: `CheckSkipped` where it asks for files.
  private func pictures(of tool: any Tool) throws -> Values {
    do {
      var values = Values()
      switch try withoutGradient({ try tool(MadeUpModel(size)) }) {
      case .still(let image): values.set("image", [Tensor([image])])
      case .film(let frames, _): values.set("image", frames.map { Tensor([$0]) })
      }
      return values
    } catch let error as ConfigurationError {
      throw CheckSkipped("\(CheckSkipped.noData), say what it works on with --with: \(error)")
    } catch let error as ImageError {
      throw CheckSkipped("\(CheckSkipped.noData), say where it is with --with: \(error)")
    }
  }

  /// The first two samples of each split, stacked.
  ///
  /// - Throws: `CheckSkipped` where the data is not there.
  private func samples(of dataset: any Dataset) throws -> Values {
    var values = Values()
    for split in Split.allCases {
      let count: Int
      do {
        count = try dataset.count(of: split)
      } catch {
        throw CheckSkipped("\(CheckSkipped.noData), say where it is with --with: \(error)")
      }
      for index in 0..<min(2, count) {
        var random = subject.random("sample \(split.rawValue) \(index)")
        let sample = try dataset.sample(index, of: split, using: &random)
        for (name, field) in sample {
          values["\(split.rawValue).\(index).\(name)"] = Tensor(field.values, field.shape)
        }
      }
    }
    return values
  }

  /// The first pair of known ports between which an adapter stands, if there is one.
  var adapted: (provider: Port, result: Port)? {
    guard let type = subject.description.type as? any Adapter.Type else { return nil }
    let kinds: [Port.Kind] = [
      .image, .labelMap, .classPlanes, .instanceMap, .edges, .mask, .caption, .attributeList,
      .attributes, .words, .sentence, .latent, .posterior, .classLabel, .keypoints, .poseMaps,
      .partTransforms, .partMasks, .boxes, .instances, .features, .segmentation,
    ]
    let providers = kinds.map { Port($0.rawValue, $0).sized(size) }
    let half = Size2(size.height / 2, size.width / 2)
    for kind in kinds {
      // Equal sizes first, then what has half the side.
      for consumer in [Port("wanted", kind).sized(size), Port("wanted", kind).sized(half)] {
        for provider in providers {
          var open = consumer
          if provider.kind != consumer.kind {
            open.attributes = open.attributes.filter { $0.key == "height" || $0.key == "width" }
          }
          if let result = type.adapted(provider, for: open) { return (provider, result) }
        }
      }
    }
    return nil
  }
}
