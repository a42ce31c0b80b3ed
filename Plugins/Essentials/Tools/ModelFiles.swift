import PluginAPI

/// A model with a code for each class, and the files that one of the tools here is given for it.
struct ModelFiles {
  let model: any TrainedModel
  /// Which latent, and how it is grouped.
  let codes: ClassLatent
  /// Files of other fields, by the fields' names.
  private let others: [String: String]

  /// Takes a model, with files `name=path` of fields other than label map and photograph.
  ///
  /// - Throws: `ConfigurationError` where the model has no code for each class, or a file no name.
  init(_ model: any TrainedModel, others: [NamedFile]) throws {
    self.model = model
    codes = try model.classLatent()
    self.others = Dictionary(others.map { ($0.name, $0.path) }) { $1 }
  }

  /// The fields to generate from.
  ///
  /// - Throws: errors that name the file, or the setting that names none.
  func conditions(labels: String) throws -> Values {
    guard !labels.isEmpty else {
      throw ConfigurationError("no label map is given; say --with labels=FILE")
    }
    return try model.fields(
      model.conditions, from: others.merging([codes.labels.name: labels]) { $1 })
  }

  /// The code of a photograph with its label map.
  ///
  /// - Throws: errors that name a file, or `ConfigurationError` where the model cannot encode.
  func code(photo: String, labels: String) throws -> Tensor {
    guard let image = model.encodedFields.first(where: { $0.kind == .image }) else {
      throw ConfigurationError(
        "\(model.name) cannot encode photographs: no encoder with weights makes its "
          + "\(codes.latent.name)")
    }
    let files = others.merging([codes.labels.name: labels, image.name: photo]) { $1 }
    return model.encoded(try model.fields(model.encodedFields, from: files))[codes.latent.name]
  }

  /// The code of a photograph, or one drawn by seed where none is given.
  func code(photo: String, labels: String, conditions: Values, seed: Int) throws -> Tensor {
    guard photo.isEmpty else { return try code(photo: photo, labels: labels) }
    return drawn(for: conditions, seed: seed)
  }

  /// A code drawn by seed.
  func drawn(for conditions: Values, seed: Int) -> Tensor {
    model.drawn(1, for: conditions, seed: UInt64(seed))[codes.latent.name]
  }

  /// Images of one set of conditions under several codes, all other draws the same.
  func images(_ conditions: Values, codes several: [Tensor], seed: Int) -> [Image] {
    let count = several.count
    let fields = conditions.map { $1.repeated(count, axis: 0) }
    var latents = model.drawn(1, for: conditions, seed: UInt64(seed))
      .map { $1.repeated(count, axis: 0) }
    latents[codes.latent.name] = .concatenated(several, axis: 0)
    return model.generated(from: fields, latents, seed: UInt64(seed)).images()
  }

  /// Checks that classes are those of the model.
  ///
  /// - Throws: `ConfigurationError` naming the first that is not.
  func check(_ chosen: some Sequence<Int>, _ setting: String) throws {
    if let outside = chosen.first(where: { !(0..<codes.classes).contains($0) }) {
      throw ConfigurationError(
        "\(setting): found the class \(outside), expected 0...\(codes.classes - 1), the classes of "
          + "\(codes.labels.name)")
    }
  }

  /// A label map in colours that tell classes apart.
  func picture(ofLabels labels: Tensor) -> Image {
    Palette.distinct(codes.classes).colored(labels.labelImages()[0])
  }
}
