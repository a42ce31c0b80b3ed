import PluginAPI

/// A row of images of one condition that differ in what is drawn.
struct DrawRow: Tool {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("A label map, where the model generates from one: a grey or palette PNG.")
    var labels = ""
    @Hyperparameter("Number of images.", in: 1...64)
    var count = 4
    @Hyperparameter("Chooses the draws.", in: 0...1_000_000)
    var seed = 0
  }

  private let settings: Hyperparameters

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    settings = hyperparameters
  }

  func callAsFunction(_ model: any TrainedModel) throws -> Picture {
    let maps = model.conditions.filter { $0.kind == .labelMap }
    let files = Dictionary(maps.map { ($0.name, settings.labels) }) { $1 }
    let fields = try model.fields(model.conditions, from: files)
      .map { $1.repeated(settings.count, axis: 0) }  // [count, …]
    let seed = UInt64(settings.seed)
    let latents = model.drawn(settings.count, for: fields, seed: seed)
    let images = model.generated(from: fields, latents, seed: seed).images()
    return .still(Image.grid([images]))
  }
}
