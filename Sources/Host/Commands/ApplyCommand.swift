import ArgumentParser
import PluginAPI

/// `workbench apply`.
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract:
      "Run one component on tensors from a file, to check it against another implementation.",
    discussion: """
      Reads named tensors from safetensors files in the field's layouts (images and maps \
      [N, C, H, W], labels as integers or one-hot, weights [out, in, kH, kW]) and writes the \
      component's outputs under the names of its ports. A random draw of the component (noise, eps, \
      dropout.0) may be given among the inputs. An adversarial loss reads real.logits.0, \
      fake.logits.0, … and writes discriminatorLoss and generatorLoss; any other loss writes loss. \
      With cotangents it also writes the gradients of all inputs and weights under the same names; \
      in train mode the outputs include the buffers after the call. `workbench inspect ID` lists \
      the names.
      """)

  @Argument(help: "The component, such as semantic-cgan/unet.")
  var id: String

  @OptionGroup var settings: SettingArguments

  @Option(
    help: ArgumentHelp("Weights and buffers; drawn from seed 1 when absent.", valueName: "file"))
  var weights: String?

  @Option(help: "Whose names the weights have.")
  var names = WeightNaming.own

  @Option(help: ArgumentHelp("The tensors it consumes.", valueName: "file"))
  var inputs: String

  @Option(help: ArgumentHelp("Where its outputs are written.", valueName: "file"))
  var outputs: String

  @Option(help: "How norms, dropout and the like behave.")
  var mode = CallMode.eval

  @Option(
    help: ArgumentHelp(
      "Sizes that no input shows, such as {\"labels\": {\"classes\": 12}, \"image\": {\"side\": 64}}.",
      valueName: "json"))
  var ports = "{}"

  @Option(
    help: ArgumentHelp(
      "Gradients of some scalar with respect to outputs, by output.", valueName: "file"))
  var cotangents: String?

  @Option(
    help: ArgumentHelp("Where the gradients of inputs and weights are written.", valueName: "file"))
  var gradients: String?

  /// Whose names weights have.
  enum WeightNaming: String, ExpressibleByArgument, CaseIterable { case own, published }
  /// How layers behave.
  enum CallMode: String, ExpressibleByArgument, CaseIterable { case train, eval }

  func validate() throws {
    if (cotangents == nil) != (gradients == nil) {
      throw ValidationError("--cotangents and --gradients go together.")
    }
  }

  func run() throws {
    try reporting {
      let given = try SafetensorsReader(inputs).tensors()
      let inside = Dictionary(
        uniqueKeysWithValues: given.map { name, tensor in
          (name, FieldLayout.inside(tensor, named: name).evaluated().variable())
        })
      let workpiece = try PluginCatalog().using { registry in
        try settings.used {
          try Workpiece(
            id, $0, shapes: inside.mapValues(\.shape), sizes: try ApplyCommand.sizes(ports),
            source: inputs, from: Catalog(registry))
        }
      }
      let module = workpiece.component as? any Module
      let named = try module.map { try loadWeights($0, workpiece.component) } ?? [:]
      let application = Application(
        workpiece: workpiece, isTraining: mode == .train, source: inputs, given: inside)
      let results = try application.outputs()
      var written = Dictionary(
        uniqueKeysWithValues: results.tensors.map { name, tensor in
          (name, FieldLayout.outside(tensor.detached(), named: name).evaluated())
        })
      if mode == .train {
        for (path, buffer) in module?.namedBuffers ?? [] {
          written[named[path] ?? path] = buffer.value
        }
      }
      if let cotangents, let gradients {
        let read = try SafetensorsReader(cotangents).tensors()
        let inner = Dictionary(
          uniqueKeysWithValues: read.map { ($0.key, FieldLayout.inside($0.value, named: $0.key)) })
        let parameters = (module?.namedParameters ?? []).map {
          (name: named[$0.path] ?? $0.path, tensor: $0.parameter.value)
        }
        let leaves = inside.map { (name: $0.key, tensor: $0.value) } + parameters
        let found = try application.gradients(of: results, cotangents: inner, at: leaves)
        let weights = Set(parameters.map(\.name))
        try SafetensorsWriter.write(
          Dictionary(
            uniqueKeysWithValues: found.map { name, tensor in
              (name, weights.contains(name) ? tensor : FieldLayout.outside(tensor, named: name))
            }
          ).mapValues { $0.evaluated() }, metadata: [:], to: gradients)
      }
      try SafetensorsWriter.write(written, metadata: [:], to: outputs)
    }
  }

  /// Fills in the weights and gives the names that files use, by own path.
  private func loadWeights(
    _ module: any Module, _ component: any Component
  ) throws -> [String: String] {
    module.initialize(seed: 1, prefix: id)
    let shapes = WeightsConversion.shapes(module)
    var table = WeightNames(own: shapes.keys)
    var published: [String: String] = [:]
    if names == .published {
      guard let importable = component as? any Importable else {
        throw ConfigurationError("\(id) has no published names; use --names own")
      }
      table = WeightNames(importable)
      published = importable.publishedNames
    }
    guard let weights else { return published }
    let (read, notes) = try table.read(WeightsFile(weights), shapes: shapes)
    for note in notes { complain("\(weights): \(note)") }
    for (path, parameter) in module.namedParameters {
      if let value = read[path] { parameter.value = value }
    }
    for (path, buffer) in module.namedBuffers {
      if let value = read[path] { buffer.value = value }
    }
    return published
  }

  /// Reads a JSON object given on the command line.
  static func object(_ text: String, _ option: String) throws -> Setting {
    let value = try JSONValue(parsing: text, named: option)
    guard value.members != nil else {
      throw ConfigurationError("\(option): found \(value.brief), expected an object")
    }
    return value.setting
  }

  /// Reads `--ports`; `side` means height and width.
  static func sizes(_ text: String) throws -> [String: [String: Int]] {
    guard case .object(let ports) = try object(text, "--ports") else { return [:] }
    return try ports.mapValues { value in
      guard case .object(let sizes) = value else {
        throw ConfigurationError("--ports: found \(value.text), expected sizes by name")
      }
      var result: [String: Int] = [:]
      for (name, size) in sizes {
        let number = try Int(setting: size)
        for key in name == "side" ? ["height", "width"] : [name] { result[key] = number }
      }
      return result
    }
  }
}
