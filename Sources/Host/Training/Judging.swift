import PluginAPI

/// Shows images to a discriminator: through its view, beside its conditions, in the order a phase
/// asks for.
struct Judging {
  let networks: Networks
  let values: StepValues
  /// The discriminator's path.
  let path: String

  private var resolution: Resolution { networks.resolution }
  private var discriminator: any Discriminator {
    networks.part(path, as: (any Discriminator).self)
  }

  /// The judgements asked for.
  ///
  /// The generator's side sees the generated image with its history and real ones without; the
  /// discriminator's side sees both without.
  func judgements(
    _ kinds: Set<JudgementKind>, pass: Phase.Pass, side: LossSide
  ) -> [JudgementKind: Judgement] {
    let condition = conditions(side)
    if pass == .joint, kinds.isSuperset(of: [.real, .fake]) {
      return joint(kinds, condition, side)
    }
    let order: [JudgementKind] =
      pass == .realFirst ? [.real, .mismatched, .fake] : [.fake, .real, .mismatched]
    var result: [JudgementKind: Judgement] = [:]
    var trunks: [Values]?
    for kind in order where kinds.contains(kind) {
      let isRecorded = side == .discriminator || kind == .fake
      let judge = { judged(kind, condition, side, &trunks) }
      result[kind] = isRecorded ? judge() : withoutGradient(judge)
    }
    return result
  }

  /// The discriminator as a function, for regularisers.
  func critic() -> Critic {
    let condition = conditions(.discriminator).first ?? [:]
    return Critic(
      real: image(.real, .discriminator)[0], fake: image(.fake, .discriminator)[0],
      condition: condition
    ) { image, condition in
      var inputs = condition
      inputs["image"] = image
      return Judgement(discriminator(inputs, in: context))
    }
  }

  private var context: CallContext { values.context(path, draws: path) }

  // MARK: - What is seen

  private var judged: Resolution.JudgedImage {
    guard let judged = resolution.judgedImages[path] else {
      preconditionFailure("[Judging] \(path) judges no image")
    }
    return judged
  }

  /// The views of the real or the generated image.
  private func image(_ kind: JudgementKind, _ side: LossSide) -> [Tensor] {
    let image: Tensor
    if kind == .fake {
      let made = values.outputs(judged.fake)[judged.fake.port]
      image = side == .generator ? made : made.detached()
    } else {
      let other = resolution.parts[path]?.part.real == .other ? values.other : nil
      image = (other ?? values).value(judged.real)["image"].detached()
    }
    return views(of: image, judged.port)
  }

  /// The conditions beside each view, under the discriminator's names.
  private func conditions(_ side: LossSide) -> [Values] {
    guard let part = resolution.parts[path] else { return [[:]] }
    let bindings = part.bindings.filter { $0.key != "image" }
    var seen: [Values] = []
    let whole = values.inputs(bindings)
    let input = side == .generator ? whole : whole.detached()
    for (name, tensor) in input.tensors {
      let port = bindings[String(name.split(separator: ".").first ?? "")]?.port
      let maps =
        port.map { Resolver.spatialKinds.contains($0.kind) } ?? false
        ? views(of: tensor, port ?? judged.port) : nil
      if seen.isEmpty { seen = Array(repeating: [:], count: viewCount) }
      for index in seen.indices { seen[index][name] = maps?[index] ?? tensor }
    }
    return seen.isEmpty ? Array(repeating: [:], count: viewCount) : seen
  }

  private func views(of map: Tensor, _ port: Port) -> [Tensor] {
    guard let part = resolution.parts["\(path).view"] else { return [map] }
    let view = networks.part(part.path, as: (any View).self)
    return view(map, of: port, values.inputs(part.bindings))
  }

  private var viewCount: Int {
    guard resolution.parts["\(path).view"] != nil else { return 1 }
    return withoutGradient { image(.real, .discriminator).count }
  }

  // MARK: - Judging

  private func judged(
    _ kind: JudgementKind, _ conditions: [Values], _ side: LossSide, _ trunks: inout [Values]?
  ) -> Judgement {
    let discriminator = self.discriminator
    if kind == .mismatched { return mismatched(conditions, side, trunks) }
    var outputs: [Values] = []
    var features: [Values] = []
    for (view, condition) in zip(image(kind, side), conditions) {
      var inputs = condition
      inputs["image"] = view
      let context = self.context
      let trunk = discriminator.features(inputs, in: context)
      features.append(trunk)
      outputs.append(discriminator.judge(trunk, condition, in: context))
    }
    if kind == .real { trunks = features }
    return Judgement(merged(outputs))
  }

  /// Real images beside the next sample's condition; the trunk's features are used again when no
  /// condition enters there.
  private func mismatched(
    _ conditions: [Values], _ side: LossSide, _ trunks: [Values]?
  ) -> Judgement {
    let count = values.count
    precondition(count > 1, "[mismatched] a batch of \(count) has no next sample")
    let discriminator = self.discriminator
    let bindings = resolution.parts[path]?.bindings ?? [:]
    let isTrunkFree = bindings.allSatisfy { $0.key == "image" || $0.value.port.stage == .judgement }
    var outputs: [Values] = []
    for (index, view) in image(.real, side).enumerated() {
      let condition = conditions[index].map { $1.sliced(axis: 0, from: 1, to: count) }
      let context = self.context
      var trunk: Values
      if isTrunkFree, let known = trunks?[index] {
        trunk = known.map { $1.sliced(axis: 0, from: 0, to: count - 1) }
      } else {
        var inputs = condition
        inputs["image"] = view.sliced(axis: 0, from: 0, to: count - 1)
        trunk = discriminator.features(inputs, in: context)
      }
      outputs.append(discriminator.judge(trunk, condition, in: context))
    }
    return Judgement(merged(outputs))
  }

  /// Fake and real images in one batch, fake first, so that batch statistics mix.
  private func joint(
    _ kinds: Set<JudgementKind>, _ conditions: [Values], _ side: LossSide
  ) -> [JudgementKind: Judgement] {
    let count = values.count
    var fake: [Values] = []
    var real: [Values] = []
    for (index, pair) in zip(image(.fake, side), image(.real, side)).enumerated() {
      var inputs = conditions[index].map { Tensor.concatenated([$1, $1], axis: 0) }
      let condition = inputs
      inputs["image"] = Tensor.concatenated([pair.0, pair.1], axis: 0)
      let context = self.context
      let outputs = discriminator.judge(
        discriminator.features(inputs, in: context), condition, in: context)
      fake.append(outputs.map { $1.sliced(axis: 0, from: 0, to: count) })
      real.append(outputs.map { $1.sliced(axis: 0, from: count, to: 2 * count) })
    }
    var result = [
      JudgementKind.fake: Judgement(merged(fake)), .real: Judgement(merged(real)),
    ]
    if kinds.contains(.mismatched) { result[.mismatched] = mismatched(conditions, side, nil) }
    return result
  }

  /// One set of outputs from those of each view: lists one after the other.
  private func merged(_ outputs: [Values]) -> Values {
    guard outputs.count > 1, let ports = resolution.parts[path]?.provided else {
      return outputs.first ?? [:]
    }
    var result = Values()
    for port in ports {
      if port.kind == .features {
        result.set(port.name, scales: outputs.flatMap { $0.scales(port.name) })
      } else {
        result.set(port.name, outputs.flatMap { $0.list(port.name) })
      }
    }
    return result
  }
}
