import PluginAPI

/// Generates from a label map with the code of each class taken from a photograph of choice:
/// appearance mixture.
///
/// The picture shows the photographs, the label map, and what they give together.
struct MixAppearance: Tool {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Photographs to take codes from, counted from 0.")
    var photos: [String] = []
    @Hyperparameter("The label maps of the photographs, in the same order.")
    var maps: [String] = []
    @Hyperparameter("Which class is taken from which photograph, such as 4=1; others from photo 0.")
    var take: [ClassChoice] = []
    @Hyperparameter("The label map to generate from; that of photo 0 when absent.")
    var labels = ""
    @Hyperparameter("Files of other fields that the model reads, such as edges=edges.png.")
    var fields: [NamedFile] = []

    /// - Throws: `ConfigurationError` where photographs, maps and choices do not belong together.
    func validate() throws {
      guard photos.count == maps.count else {
        throw ConfigurationError(
          "found \(photos.count) photos and \(maps.count) maps, expected a map for each photo")
      }
      if let choice = take.first(where: { !photos.indices.contains($0.value) }) {
        throw ConfigurationError(
          "take: found the photo \(choice.value), expected 0...\(max(0, photos.count - 1))")
      }
    }
  }

  private let settings: Hyperparameters

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    settings = hyperparameters
  }

  func callAsFunction(_ model: any TrainedModel) throws -> Picture {
    let classCodes = try model.classLatent()
    let files = try ModelFiles(model, others: settings.fields)
    try files.check(settings.take.map(\.chosen), "take")
    guard let firstMap = settings.maps.first else {
      throw ConfigurationError(
        "no photograph is given; say --photos FILE --maps FILE, once for each")
    }
    let conditions = try files.conditions(
      labels: settings.labels.isEmpty ? firstMap : settings.labels)
    let codes = try zip(settings.photos, settings.maps).map {
      try files.code(photo: $0, labels: $1)
    }
    let mixed = settings.take.reduce(codes[0]) { code, choice in
      classCodes.replacing([choice.chosen], of: code, with: codes[choice.value])
    }
    let photos = try settings.photos.map { try model.image.value(of: $0).images()[0] }
    let labels = files.picture(ofLabels: conditions[files.labels.name])
    let result = files.images(conditions, codes: [mixed], seed: 0)
    return .still(
      Image.grid(
        [photos + [labels] + result],
        columnLabels: photos.indices.map { "photo \($0)" } + ["labels", "mixed"]))
  }
}
