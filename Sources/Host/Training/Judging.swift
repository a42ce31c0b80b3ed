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
    Profile.within(path) { inOrder(kinds, pass, side) }
  }

  private func inOrder(
    _ kinds: Set<JudgementKind>, _ pass: Phase.Pass, _ side: LossSide
  ) -> [JudgementKind: Judgement] {
    if pass == .joint, kinds.isSuperset(of: [.real, .fake]) { return joint(kinds, side) }
    let order: [JudgementKind] =
      pass == .realFirst ? [.real, .fake, .mismatched] : [.fake, .real, .mismatched]
    var result: [JudgementKind: Judgement] = [:]
    var trunks: [Values]?
    for kind in order where kinds.contains(kind) {
      let looks = looks(kind, side)
      let isRecorded = side == .discriminator || kind == .fake
      let judge = { judged(kind, looks, &trunks) }
      result[kind] = isRecorded ? judge() : withoutGradient(judge)
    }
    return result
  }

  /// The discriminator as a function, for regularisers: one for each view.
  func critics() -> [Critic] {
    zip(looks(.real, .discriminator), looks(.fake, .discriminator)).map { real, fake in
      Critic(real: real.image, fake: fake.image, condition: real.condition) { image, condition in
        var inputs = condition
        inputs["image"] = image
        return Profile.within(path) {
          judgement([discriminator(inputs, in: context("critic"))])
        }
      }
    }
  }

  private func context(_ draws: String) -> CallContext {
    values.context(path, draws: "\(path).\(values.mode.phase).\(draws)")
  }

  // MARK: - What is seen

  /// One view of an image, and the conditions beside it under the discriminator's names.
  private struct Look {
    let image: Tensor
    let condition: Values
  }

  /// The views of the real or the generated image. A real image from another batch stands beside
  /// its own conditions.
  private func looks(_ kind: JudgementKind, _ side: LossSide) -> [Look] {
    guard let part = resolution.parts[path], let judged = resolution.judgedImages[path] else {
      preconditionFailure("[Judging] \(path) judges no image")
    }
    let other = kind == .fake || part.part.real == .same ? nil : values.other
    let source = other ?? values
    let image: Tensor
    if kind == .fake {
      let made = values.outputs(judged.fake)[judged.fake.port]
      image = side == .generator ? made : made.detached()
    } else {
      image = source.value(judged.real)["image"].detached()
    }
    let images = views(of: image, judged.port, source)
    let bindings = part.bindings.filter { $0.key != "image" }
    let whole = source.inputs(bindings)
    var conditions = Array(repeating: Values(), count: images.count)
    for (name, tensor) in (side == .generator ? whole : whole.detached()).tensors {
      let port = bindings[String(name.split(separator: ".").first ?? "")]?.port
      let isMap = port.map { Port.Kind.overImage.contains($0.kind) } ?? false
      let maps = isMap ? views(of: tensor, port ?? judged.port, source) : nil
      for index in images.indices { conditions[index][name] = maps?[index] ?? tensor }
    }
    return zip(images, conditions).map { Look(image: $0, condition: $1) }
  }

  private func views(of map: Tensor, _ port: Port, _ source: StepValues) -> [Tensor] {
    guard let part = resolution.parts["\(path).view"] else { return [map] }
    let view = networks.part(part.path, as: (any View).self)
    return Profile.within(part.path) { view(map, of: port, source.inputs(part.bindings)) }
  }

  // MARK: - Judging

  private func judged(
    _ kind: JudgementKind, _ looks: [Look], _ trunks: inout [Values]?
  ) -> Judgement {
    if kind == .mismatched { return mismatched(looks, trunks) }
    var outputs: [Values] = []
    var features: [Values] = []
    for (index, look) in looks.enumerated() {
      let context = context("\(kind.rawValue).\(index)")
      var inputs = look.condition
      inputs["image"] = look.image
      let trunk = discriminator.features(inputs, in: context)
      features.append(trunk)
      outputs.append(discriminator.judge(trunk, look.condition, in: context))
    }
    if kind == .real { trunks = features }
    return judgement(outputs)
  }

  /// Real images beside the next sample's condition.
  ///
  /// Where some conditions are read only by the head, those are exchanged and the trunk's features
  /// are used again; otherwise all are, and the trunk looks anew.
  private func mismatched(_ looks: [Look], _ trunks: [Values]?) -> Judgement {
    let count = values.count
    precondition(count > 1, "[mismatched] a batch of \(count) has no next sample")
    let own = { (tensor: Tensor) in tensor.sliced(axis: 0, from: 0, to: count - 1) }
    let next = { (tensor: Tensor) in tensor.sliced(axis: 0, from: 1, to: count) }
    let bindings = (resolution.parts[path]?.bindings ?? [:]).filter { $0.key != "image" }
    let late = Set(bindings.filter { $0.value.port.stage == .judgement }.keys)
    let outputs = looks.enumerated().map { index, look in
      let context = context("mismatched.\(index)")
      let condition = look.condition.map { name, tensor in
        let isLate = late.contains(String(name.split(separator: ".").first ?? ""))
        return late.isEmpty || isLate ? next(tensor) : own(tensor)
      }
      var trunk = late.isEmpty ? nil : trunks?[index].map { own($1) }
      if trunk == nil {
        var inputs = condition
        inputs["image"] = own(look.image)
        trunk = discriminator.features(inputs, in: context)
      }
      return discriminator.judge(trunk ?? [:], condition, in: context)
    }
    return judgement(outputs)
  }

  /// Fake and real images in one batch, fake first, so that batch statistics mix.
  private func joint(
    _ kinds: Set<JudgementKind>, _ side: LossSide
  ) -> [JudgementKind: Judgement] {
    let count = values.count
    let (fakes, reals) = (looks(.fake, side), looks(.real, side))
    var (fake, real, trunks): ([Values], [Values], [Values]) = ([], [], [])
    for (index, pair) in zip(fakes, reals).enumerated() {
      let condition = pair.0.condition.map { name, tensor in
        Tensor.concatenated([tensor, pair.1.condition[name]], axis: 0)
      }
      var inputs = condition
      inputs["image"] = Tensor.concatenated([pair.0.image, pair.1.image], axis: 0)
      let context = context("joint.\(index)")
      let trunk = discriminator.features(inputs, in: context)
      let outputs = discriminator.judge(trunk, condition, in: context)
      trunks.append(trunk.map { $1.sliced(axis: 0, from: count, to: 2 * count) })
      fake.append(outputs.map { $1.sliced(axis: 0, from: 0, to: count) })
      real.append(outputs.map { $1.sliced(axis: 0, from: count, to: 2 * count) })
    }
    var result = [JudgementKind.fake: judgement(fake), .real: judgement(real)]
    if kinds.contains(.mismatched) { result[.mismatched] = mismatched(reals, trunks) }
    return result
  }

  private func judgement(_ outputs: [Values]) -> Judgement {
    let provided = resolution.parts[path]?.provided ?? []
    return Judgement(
      merged(outputs), verdicts: provided.filter { $0.kind == .logits }.map(\.name))
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
