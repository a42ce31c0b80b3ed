import PluginAPI

/// A model of label maps, and the files that one of the tools here is given for it.
///
/// A code is a value for each latent, a batch of one; a model without latents has an empty one.
struct ModelFiles {
  let model: any TrainedModel
  /// The label map that the model generates from.
  let labels: Port
  /// Files of other fields, by the fields' names.
  private let others: [String: String]

  /// Takes a model, with files `name=path` of fields other than label map and photograph.
  ///
  /// - Throws: `ConfigurationError` where the model reads no label map.
  init(_ model: any TrainedModel, others: [NamedFile]) throws {
    let found =
      (try? model.classLatent())?.labels ?? model.conditions.first { $0.kind == .labelMap }
    guard let found else {
      let read = model.conditions.map { "\($0.name) \($0)" }.joined(separator: ", ")
      throw ConfigurationError(
        "\(model.name) reads no label map, found " + (read.isEmpty ? "nothing" : read))
    }
    self.model = model
    labels = found
    self.others = others.byName
  }

  /// Whether photographs are encoded with their label maps.
  var encodesMaps: Bool { model.encodedFields.contains { $0.name == labels.name } }

  /// The fields to generate from.
  ///
  /// - Throws: errors that name the file, or the setting that names none.
  func conditions(labels file: String) throws -> Values {
    guard !file.isEmpty else {
      throw ConfigurationError("no label map is given; say --labels FILE")
    }
    return try model.fields(model.conditions, from: others.merging([labels.name: file]) { $1 })
  }

  /// The code of a photograph with its label map.
  ///
  /// - Throws: errors that name a file, or `ConfigurationError` where the model cannot encode.
  func code(photo: String, labels file: String) throws -> Values {
    guard let image = model.encodedFields.first(where: { $0.kind == .image }) else {
      let latents = model.latents.map(\.name).joined(separator: ", ")
      throw ConfigurationError(
        "\(model.name) cannot encode photographs: "
          + (latents.isEmpty ? "it has no latent" : "no encoder with weights makes its \(latents)"))
    }
    let files = others.merging([labels.name: file, image.name: photo]) { $1 }
    return model.encoded(try model.fields(model.encodedFields, from: files))
  }

  /// The code of a photograph, or one drawn by seed where none is given.
  func code(photo: String, labels: String, conditions: Values, seed: Int) throws -> Values {
    guard photo.isEmpty else { return try code(photo: photo, labels: labels) }
    return drawn(for: conditions, seed: seed)
  }

  /// A code drawn by seed.
  func drawn(for conditions: Values, seed: Int) -> Values {
    model.drawn(1, for: conditions, seed: UInt64(seed))
  }

  /// Images of one set of conditions under several codes, all other draws the same.
  func images(_ conditions: Values, codes several: [Values], seed: Int) -> [Image] {
    let count = several.count
    let fields = conditions.map { $1.repeated(count, axis: 0) }
    let latents = drawn(for: conditions, seed: seed).map { name, one in
      .concatenated(several.map { $0.tensor(name) ?? one }, axis: 0)
    }
    return model.generated(from: fields, latents, seed: UInt64(seed)).images()
  }

  /// Checks that classes are those of the label map.
  ///
  /// - Throws: `ConfigurationError` naming the first that is not.
  func check(_ chosen: some Sequence<Int>, _ setting: String) throws {
    if let outside = chosen.first(where: { !(0..<classes).contains($0) }) {
      throw ConfigurationError(
        "\(setting): found the class \(outside), expected 0...\(classes - 1), the classes of "
          + "\(labels.name)")
    }
  }

  /// A label map in colours that tell classes apart.
  func picture(ofLabels map: Tensor) -> Image {
    Palette.distinct(classes).colored(map.labelImages()[0])
  }

  private var classes: Int { labels["classes"] ?? 0 }
}

extension [NamedFile] {
  /// Paths by the fields' names; of a repeated name the last.
  var byName: [String: String] { Dictionary(map { ($0.name, $0.path) }) { $1 } }
}

extension ClassLatent {
  /// A code with those of some classes taken from another.
  func replacing(_ chosen: some Collection<Int>, of code: Values, with other: Values) -> Values {
    var mixed = code
    mixed[latent.name] = replacing(chosen, of: code[latent.name], with: other[latent.name])
    return mixed
  }
}
