import PluginAPI

/// How the values of one kind of port lie in memory and in files, and what they mean.
///
/// `Documentation/Ports.md` has this table, and a test compares them. N samples, H×W pixels,
/// C channels, K classes, L words, M slots for objects; `·.x` is part `x` of the port.
struct PortLayout {
  /// The kind.
  let kind: Port.Kind
  /// Shapes inside the program.
  let inside: String
  /// Shapes in files; `the same` as inside.
  let files: String
  /// Range and unit.
  let values: String
  /// The sizes that a port of this kind may name.
  let attributes: String

  /// Every kind of the plugin API, images first.
  static let all: [PortLayout] = rows.map {
    PortLayout(kind: $0.0, inside: $0.1, files: $0.2, values: $0.3, attributes: $0.4)
  }

  /// The table as Markdown.
  static var markdown: String {
    let head = [
      "| kind | inside the program | in files | values | attributes |",
      "| --- | --- | --- | --- | --- |",
    ]
    let lines = all.map { layout in
      "| `\(layout.kind.rawValue)` | \(layout.inside) | \(layout.files) | \(layout.values) | "
        + (layout.attributes.isEmpty ? "|" : "\(layout.attributes) |")
    }
    return (head + lines).joined(separator: "\n")
  }

  private static let rows: [(Port.Kind, String, String, String, String)] = [
    (
      .image, "`[N, H, W, C]`", "`[N, C, H, W]`",
      "-1...1", "`height`, `width`, `channels`"
    ),
    (
      .labelMap, "`[N, H, W]`", "the same; one-hot `[N, K, H, W]` is read too",
      "0..<K", "`height`, `width`, `classes`"
    ),
    (
      .classPlanes, "`[N, H, W, K]`", "`[N, K, H, W]`; labels `[N, H, W]` are read too",
      "0 or 1", "`height`, `width`, `classes`"
    ),
    (
      .instanceMap, "`[N, H, W]`", "the same",
      "0 = none, 1, 2, …", "`height`, `width`"
    ),
    (
      .edges, "`[N, H, W, 1]`", "`[N, 1, H, W]`",
      "0 or 1, 1 where instances meet", "`height`, `width`"
    ),
    (
      .mask, "`[N, H, W, 1]`", "`[N, 1, H, W]`",
      "0...1, 1 = foreground", "`height`, `width`"
    ),
    (
      .partMasks, "`[N, H, W, P]`", "`[N, P, H, W]`",
      "0 or 1, one plane a part", "`height`, `width`, `parts`"
    ),
    (
      .poseMaps, "`[N, H, W, K]`", "`[N, K, H, W]`",
      "0...1, highest at the key point", "`height`, `width`, `classes`"
    ),
    (
      .segmentation, "`[N, H, W, K]`", "`[N, K, H, W]`",
      "scores before the softmax", "`height`, `width`, `classes`"
    ),
    (
      .attentionMaps, "`·.0`, `·.1`, …: `[N, H, W, C]`", "`[N, C, H, W]`",
      "0...1, made by a network", "`count`"
    ),
    (
      .features, "`·.0`, `·.1`, …: `[N, H, W, C]`", "`[N, C, H, W]`",
      "any; of several scales or views `·.0.0`, `·.0.1`, …, `·.1.0`, …: scale, then layer",
      "`layers` (of one scale)"
    ),
    (
      .logits, "`·.0`, `·.1`, … or one value: `[N, H, W, C]`, `[N, 1]`", "`[N, C, H, W]`, `[N, 1]`",
      "verdicts before any sigmoid, one a scale or view; C is 1, or K + 1 with one a class",
      "`count`, `channels` (C)"
    ),
    (
      .latent, "`[N, size]` or `[N, H, W, C]`", "`[N, size]`, `[N, C, H, W]`",
      "standard normal", "`size`, or `height`, `width`, `channels`; `groups` of classes"
    ),
    (
      .posterior, "`·.mean`, `·.logVariance`, each like its latent", "like the latent",
      "", "those of the latent"
    ),
    (
      .caption, "`·.tokens [N, L]`, `·.lengths [N]`", "the same",
      "0 = padding, words 1..<vocabulary", "`vocabulary`, `maxLength`"
    ),
    (
      .attributeList, "`·.tokens [N, L]`, `·.lengths [N]`", "the same",
      "0 = padding, attributes 1, 2, …", "`vocabulary`, `maxLength`"
    ),
    (
      .attributes, "`[N, A]`", "the same",
      "0 or 1", "`count`"
    ),
    (
      .words, "`·.features [N, L, C]`, `·.lengths [N]`", "`·.features [N, C, L]`",
      "any", "`size` (C)"
    ),
    (
      .sentence, "`[N, C]`", "the same",
      "any", "`size` (C)"
    ),
    (
      .classLabel, "`[N]`", "the same",
      "0..<K", "`classes`"
    ),
    (
      .keypoints, "`·.x`, `·.y`, `·.visible`: `[N, K]`", "the same",
      "pixels, -1 where missing", "`count`; `height`, `width` of the picture"
    ),
    (
      .partTransforms, "`[N, P, 8]`", "the same",
      "rows (a, b, c), (d, e, f), 0, 0: target pixel → source pixel", "`parts`"
    ),
    (
      .boxes, "`[N, M, 4]`", "the same",
      "x, y, width, height in pixels; 0 where missing", "`max`"
    ),
    (
      .instances, "`·.masks [N, H, W, M]`, `·.classes [N, M]`, `·.valid [N, M]`",
      "`·.masks [N, M, H, W]`",
      "0 or 1; class; 0 or 1", "`max`, `classes`, `height`, `width`"
    ),
    (
      .sceneGraph, "`·.objects [N, M]`, `·.triples [N, R, 3]`", "the same",
      "class; subject, relation, object", "`objects`, `relations`"
    ),
  ]
}

extension Port.Kind {
  /// How files hold it, in plain text.
  var fileLayout: String {
    guard let layout = PortLayout.all.first(where: { $0.kind == self }) else { return "as inside" }
    return layout.fileWords.replacing("`", with: "").replacing("·.", with: "")
  }
}

extension PortLayout {
  fileprivate var fileWords: String {
    var words = files
    if files.hasPrefix("the same") {
      words = inside + files.dropFirst("the same".count)
    } else if !files.contains("·."), let end = inside.range(of: ": `[") {
      // The parts are those inside.
      words = inside[..<end.lowerBound] + ": " + files
    } else if files.hasPrefix("like "), let end = inside.range(of: ", each") {
      words = inside[..<end.lowerBound] + ", " + files
    }
    return values.isEmpty ? words : "\(words), \(values)"
  }
}
