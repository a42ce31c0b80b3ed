import PluginAPI

/// Generates from a label map before and after it is edited, with the same code: semantic
/// manipulation.
///
/// Edits are made in this order: the edited map is taken, classes are replaced, patches painted.
/// Edges between instances are redrawn around what changed unless a file of them is given.
struct EditLabels: Tool {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The label map before the edit, a grey or palette PNG.")
    var labels = ""
    @Hyperparameter("The label map after an edit in another program.")
    var edited = ""
    @Hyperparameter("Classes that become others, such as 3=5.")
    var replace: [ClassChoice] = []
    @Hyperparameter("Rectangles to paint, left, top, width, height: class=3,rect=10,20,30,40.")
    var paint: [Patch] = []
    @Hyperparameter("A photograph of the label map, whose code is used; drawn when absent.")
    var photo = ""
    @Hyperparameter("Files of other fields that the model reads, such as edges=edges.png.")
    var fields: [NamedFile] = []
    @Hyperparameter(
      "Files of these fields after the edit; else edges are redrawn where labels changed, and others stay."
    )
    var editedFields: [NamedFile] = []
    @Hyperparameter("Chooses all draws.", in: 0...1_000_000_000)
    var seed = 0
  }

  private let settings: Hyperparameters

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    settings = hyperparameters
  }

  func callAsFunction(_ model: any TrainedModel) throws -> Picture {
    let files = try ModelFiles(model, others: settings.fields)
    try files.check(settings.paint.map(\.chosen), "paint")
    try files.check(settings.replace.flatMap { [$0.chosen, $0.value] }, "replace")
    guard !settings.edited.isEmpty || !settings.replace.isEmpty || !settings.paint.isEmpty else {
      throw ConfigurationError(
        "no edit is given; say --edited FILE, --replace 3=5 or --paint class=3,rect=10,20,30,40")
    }
    let name = files.labels.name
    let before = try files.conditions(labels: settings.labels)
    var after = before
    if !settings.edited.isEmpty {
      after[name] = try files.labels.value(of: settings.edited)
    }
    after[name] = try edited(after[name].labelImages()[0])
    let given = settings.editedFields.byName
    for port in model.conditions where port.name != name {
      if let file = given[port.name] {
        after[port.name] = try port.value(of: file)
      } else if port.kind == .edges, let edges = before.tensor(port.name) {
        after[port.name] = redrawn(edges: edges, from: before[name], to: after[name])
      }
    }
    let code = try files.code(
      photo: settings.photo, labels: settings.labels, conditions: before, seed: settings.seed)
    let row = [before, after].flatMap { conditions in
      [files.picture(ofLabels: conditions[name])]
        + files.images(conditions, codes: [code], seed: settings.seed)
    }
    return .still(Image.grid([row], columnLabels: ["labels", "before", "edited", "after"]))
  }

  /// The map with classes replaced and patches painted, `[1, H, W]`.
  private func edited(_ map: LabelImage) throws -> Tensor {
    var map = map
    let replaced = Dictionary(settings.replace.map { ($0.chosen, $0.value) }) { $1 }
    map.labels = map.labels.map { UInt16(replaced[Int($0)] ?? Int($0)) }
    for patch in settings.paint {
      let rows = max(0, patch.top)..<max(0, min(map.height, patch.top + patch.height), patch.top)
      let columns =
        max(0, patch.left)..<max(0, min(map.width, patch.left + patch.width), patch.left)
      guard patch.top < map.height, patch.left < map.width, !rows.isEmpty, !columns.isEmpty else {
        throw ConfigurationError(
          "paint: found the rectangle \(patch.setting.text), expected one that meets the "
            + "\(map.width)×\(map.height) pixels of the label map")
      }
      for row in rows {
        for column in columns { map[row, column] = UInt16(patch.chosen) }
      }
    }
    return Tensor([map])
  }
}
