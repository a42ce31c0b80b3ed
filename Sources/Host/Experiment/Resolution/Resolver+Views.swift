import PluginAPI

extension Resolver {
  /// A term that sets what a discriminator says beside a map of the whole image needs one that sees
  /// the whole image.
  ///
  /// Behind a view that shows pictures of another size, a segmentation or reconstruction is no
  /// longer of the map's pixels. Verdicts that differ by position are still of the same places where
  /// the view leaves the size open (each picture then is the whole image, smaller), and of other
  /// places where it shows one size (each picture then is a part). One verdict a position is
  /// weighed by no map.
  mutating func checkViews(
    _ part: Experiment.Part, _ component: ComponentDescription, _ settings: Setting
  ) {
    guard !isBlind, let term = result.parts[part.path] else { return }
    let maps = term.bindings.values.map(\.port)
      .filter { Port.Kind.overImage.contains($0.kind) }.sorted { $0.name < $1.name }
    guard !maps.isEmpty else { return }
    let isGame = component.kind == .adversarialLoss
    var able: [String] = []
    var faults: [String] = []
    for path in isGame ? judging(part) : term.judged.keys.sorted() {
      let read =
        isGame ? verdicts(of: path, component, settings) : term.judged[path]?.values.map(\.port)
      let found = (read ?? []).sorted { $0.name < $1.name }
        .compactMap { misplaced($0, of: path, beside: maps) }
      if let found = found.first { faults.append(found) } else { able.append("\"\(path)\"") }
    }
    for text in faults {
      let cure =
        able.isEmpty
        ? "" : ", or say where it fits: \"on\": [\(able.joined(separator: ", "))]"
      fault("\(part.use) \(text)", part, "use", suggestion: "leave out that view\(cure)")
    }
  }

  /// The verdicts an adversarial loss reads of a discriminator.
  private func verdicts(
    of path: String, _ component: ComponentDescription, _ settings: Setting
  ) -> [Port] {
    let wanted = (try? component.verdicts(settings)) ?? []
    return (result.parts[path]?.provided ?? []).filter {
      $0.kind == .logits && (wanted.isEmpty || wanted.contains($0.name))
    }
  }

  /// Why what a discriminator says is not of the pixels of one of the maps.
  private func misplaced(_ read: Port, of path: String, beside maps: [Port]) -> String? {
    guard let view = result.parts["\(path).view"], let image = result.judgedImages[path]?.port,
      let seen = try? view.component.seen(image, view.settings), !seen.isAsLarge(as: image)
    else { return nil }
    let isOpen = seen["height"] == nil && seen["width"] == nil
    let isMap = Port.Kind.overImage.contains(read.kind)
    let isVaried = read.kind == .logits && (read["channels"] ?? 1) > 1
    guard isMap || isVaried && !isOpen else { return nil }
    guard let map = maps.first(where: { isOpen || !seen.isAsLarge(as: $0) }) else { return nil }
    let shown = isOpen ? "pictures of several sizes" : "\(seen)"
    return "sets the \(read.name) of \(path) beside \(map.name), \(map) of the whole image; "
      + "the view \(view.part.use) shows that discriminator \(shown)"
  }
}

extension Port {
  /// Whether height and width, known or not, are those of another port.
  fileprivate func isAsLarge(as other: Port) -> Bool {
    self["height"] == other["height"] && self["width"] == other["width"]
  }
}
