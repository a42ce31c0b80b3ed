import PluginAPI

/// Goes from the code of one photograph to that of another: style morphing, or image extrapolation.
///
///     z(t) = (1 − t)·a + t·b
///
/// t outside of 0...1 goes beyond the two. Where each class has a code of its own, it may be
/// restricted to some; the others keep the code of the first.
struct MorphStyle: Tool {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("The photograph at t = 0.")
    var first = ""
    @Hyperparameter("The label map of the first.")
    var firstMap = ""
    @Hyperparameter("The photograph at t = 1.")
    var second = ""
    @Hyperparameter("The label map of the second, where the encoder reads one.")
    var secondMap = ""
    @Hyperparameter("The label map to generate from; that of the first when absent.")
    var labels = ""
    @Hyperparameter("Classes that change; all when empty.")
    var classes: [Int] = []
    @Hyperparameter("The first t.", in: -10...10)
    var from: Float = 0
    @Hyperparameter("The last t.", in: -10...10)
    var to: Float = 1
    @Hyperparameter("Images, evenly spaced in t.", in: 2...1000)
    var steps = 7
    @Hyperparameter("Whether the picture moves, there and back; else the images stand in a row.")
    var film = false
    @Hyperparameter("How long each image of a film is seen, in seconds.", in: 0.01...10)
    var seconds: Float = 0.1
    @Hyperparameter("Files of other fields that the model reads, such as edges=edges.png.")
    var fields: [NamedFile] = []
  }

  private let settings: Hyperparameters

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    settings = hyperparameters
  }

  func callAsFunction(_ model: any TrainedModel) throws -> Picture {
    let files = try ModelFiles(model, others: settings.fields)
    try files.check(settings.classes, "classes")
    let ends = [(settings.first, settings.firstMap), (settings.second, settings.secondMap)]
    for (end, name) in zip(ends, ["first", "second"])
    where end.0.isEmpty || (end.1.isEmpty && files.encodesMaps) {
      throw ConfigurationError(
        "a photograph or its label map is missing; say --\(name) FILE --\(name)Map FILE")
    }
    let conditions = try files.conditions(
      labels: settings.labels.isEmpty ? settings.firstMap : settings.labels)
    let codes = try ends.map { try files.code(photo: $0.0, labels: $0.1) }
    let classCodes = settings.classes.isEmpty ? nil : try model.classLatent()
    let times = (0..<settings.steps).map { step -> Float in
      let share = Float(step) / Float(settings.steps - 1)
      return settings.from + (settings.to - settings.from) * share
    }
    let along = times.map { t -> Values in
      let between = codes[0].map { name, code in code * (1 - t) + codes[1][name] * t }
      return classCodes?.replacing(settings.classes, of: codes[0], with: between) ?? between
    }
    let images = files.images(conditions, codes: along, seed: 0)
    if settings.film {
      let back = images.dropFirst().dropLast().reversed()
      return .film(images + back, secondsPerFrame: Double(settings.seconds))
    }
    let titles = times.map { t in
      let hundredths = Int((t * 100).rounded())
      return "\(Float(hundredths) / 100)"
    }
    return .still(Image.grid([images], columnLabels: titles))
  }
}
