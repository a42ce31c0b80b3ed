import PluginAPI

/// Redraws the code of one class at a time: a column a class, a row a draw.
///
/// Above each column stands the area of its class; left of the first, the image before anything is
/// redrawn. What changes elsewhere in a column is what the generator lets leak.
struct RedrawClasses: Tool {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The label map to generate from, a grey or palette PNG.")
    var labels = ""
    @Hyperparameter("The classes to redraw, a column each; those of the label map when empty.")
    var classes: [Int] = []
    @Hyperparameter("Draws of each class.", in: 1...64)
    var draws = 4
    @Hyperparameter("A photograph of the label map to begin with; drawn when absent.")
    var photo = ""
    @Hyperparameter("Files of other fields that the model reads, such as edges=edges.png.")
    var fields: [NamedFile] = []
    @Hyperparameter("Chooses all draws.", in: 0...1_000_000_000)
    var seed = 0
  }

  private let settings: Hyperparameters

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    settings = hyperparameters
  }

  func callAsFunction(_ model: any TrainedModel) throws -> Picture {
    let classCodes = try model.classLatent()
    let files = try ModelFiles(model, others: settings.fields)
    try files.check(settings.classes, "classes")
    let conditions = try files.conditions(labels: settings.labels)
    let labels = conditions[files.labels.name]
    let classes =
      settings.classes.isEmpty
      ? Set(labels.scalars().map { Int($0) }).sorted() : settings.classes
    let first = try files.code(
      photo: settings.photo, labels: settings.labels, conditions: conditions, seed: settings.seed)
    var codes = [first]
    for draw in 1...settings.draws {
      let other = files.drawn(for: conditions, seed: settings.seed + draw)
      codes += classes.map { classCodes.replacing([$0], of: first, with: other) }
    }
    let images = files.images(conditions, codes: codes, seed: settings.seed)
    let whole = files.picture(ofLabels: labels)
    var rows = [[whole] + classes.map { area(of: $0, labels, whole) }]
    for draw in 0..<settings.draws {
      let row = images[(1 + draw * classes.count)...].prefix(classes.count)
      rows.append([images[0]] + row)
    }
    return .still(
      Image.grid(rows, columnLabels: ["before"] + classes.map { "class \($0)" }))
  }

  /// The label map's colours where the class is, white elsewhere.
  private func area(of chosen: Int, _ labels: Tensor, _ whole: Image) -> Image {
    var picture = whole
    var pixels = picture.pixels
    for (index, label) in labels.scalars().enumerated() where Int(label) != chosen {
      for channel in 0..<3 { pixels[3 * index + channel] = 255 }
    }
    picture.pixels = pixels
    return picture
  }
}
