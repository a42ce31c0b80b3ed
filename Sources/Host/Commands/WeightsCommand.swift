import ArgumentParser
import Foundation
import PluginAPI

/// `workbench weights`.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Read published checkpoints, write them, and show what a file holds.",
    discussion: """
      Read are checkpoints of PyTorch in both of their forms, .safetensors, .npz and .npy files; \
      what a file is, its first bytes say. Nothing that a file says is run.
      """,
    subcommands: [Import.self, Export.self, Show.self])
}

/// A component with its settings and the sizes of what it consumes.
struct ComponentArguments: ParsableArguments {
  @OptionGroup var settings: SettingArguments

  @Option(
    help: ArgumentHelp(
      "Sizes of what it consumes, such as {\"condition\": {\"classes\": 12, \"side\": 256}}; "
        + "\"image\" is also the image that a generator should make.", valueName: "json"))
  var ports = "{}"

  /// Builds the component.
  ///
  /// - Throws: errors that name the unknown component, the setting or the missing size.
  func component(_ id: String) throws -> any Component {
    let sizes = try ApplyCommand.sizes(ports)
    return try PluginCatalog().using { registry in
      try settings.used {
        try Workpiece(id, $0, shapes: [:], sizes: sizes, from: Catalog(registry)).component
      }
    }
  }
}

extension WeightsCommand {
  /// `workbench weights import`.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Turn a published checkpoint into weights of a component.",
      discussion: """
        Finds every weight of the component under its authors' name, and writes a file that an \
        experiment names in "weights" and `workbench apply` in --weights. Every name that is \
        missing or surplus and every other shape is listed before anything is written.
        """)

    @Argument(help: "The checkpoint, such as latest_net_G.pth.")
    var file: String

    @Option(
      name: .customLong("for"),
      help: ArgumentHelp("The component, such as semantic-cgan/unet.", valueName: "id"))
    var id: String

    @OptionGroup var component: ComponentArguments

    @Option(
      help: ArgumentHelp(
        "The key of the state dict within the file; the one that fits best when absent.",
        valueName: "key"))
    var entry: String?

    @Option(
      name: [.short, .long],
      help: ArgumentHelp("The file to write.", valueName: "file.safetensors"))
    var output: String

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
      if !output.hasSuffix(".safetensors") {
        throw ValidationError("\(output): imported weights are written as .safetensors.")
      }
    }

    func run() throws {
      try reporting {
        let read = try WeightsFile(file)
        let conversion = try WeightsConversion(id, try component.component(id))
        let match = try WeightNames(conversion.network)
          .match(read, shapes: conversion.shapes, entry: entry)
        if match.mismatch.isEmpty { try conversion.write(match, of: read, to: output) }
        if json {
          print(described(match, read).text())
          if !match.mismatch.isEmpty { throw ExitCode.failure }
          return
        }
        guard match.mismatch.isEmpty else {
          for note in match.notes + read.notes { complain("\(file): \(note)") }
          throw WeightNamesError(path: file, mismatch: match.mismatch)
        }
        let numbers = match.found.values.reduce(0) { $0 + $1.count }
        print(
          "\(output): \(match.found.count) tensors, \(numbers) numbers, of \(id) "
            + "from \(file) (\(read.format.rawValue))")
        for note in match.notes + read.notes { print("  \(note)") }
      }
    }

    private func described(_ match: WeightNames.Match, _ read: WeightsFile) -> JSONValue {
      let written = match.mismatch.isEmpty ? JSONValue(output) : nil
      var members: [JSONValue.Member] = [
        .init("file", JSONValue(file)), .init("format", JSONValue(read.format.rawValue)),
        .init("entry", JSONValue(match.group.key)), .init("component", JSONValue(id)),
        .init("tensors", JSONValue(match.found.count)),
        .init("notes", JSONValue((match.notes + read.notes).map { JSONValue($0) })),
      ]
      members += match.mismatch.json.members ?? []
      members.append(.init("output", written))
      return JSONValue(.object(members))
    }
  }

  /// `workbench weights export`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Write a component's weights under its authors' names.",
      discussion: """
        From the newest checkpoint of a run, with averaged weights where the run kept an average, \
        whose experiment says the settings; or from a file that `import` has written. A .pth file \
        is what torch.load reads, also with weights_only=True.
        """)

    @Argument(help: "A run folder, such as runs/aviary-mixed-1, or a file of weights.")
    var source: String

    @Option(
      name: .customLong("for"),
      help: ArgumentHelp(
        "The component, such as semantic-cgan/unet, or the run's part, such as generator.",
        valueName: "id"))
    var id: String

    @OptionGroup var component: ComponentArguments

    @Option(
      name: [.short, .long],
      help: ArgumentHelp("The file to write: .safetensors, .npz or .pth.", valueName: "file"))
    var output: String

    func validate() throws { _ = try format() }

    private func format() throws -> PublishedWeights.Format {
      let ending = URL(fileURLWithPath: output).pathExtension
      guard let format = PublishedWeights.Format(rawValue: ending) else {
        let known = PublishedWeights.Format.allCases.map { ".\($0.rawValue)" }
        throw ValidationError("\(output): the name must end in \(known.joined(separator: ", ")).")
      }
      return format
    }

    func run() throws {
      try reporting {
        let weights = try weights()
        let format = try format()
        try weights.write(format, to: output)
        print("\(output): \(weights.count(in: format)) tensors of \(id) from \(source)")
      }
    }

    private func weights() throws -> PublishedWeights {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        return try WeightsConversion(id, try component.component(id))
          .exported(try WeightsFile(source))
      }
      guard component.settings.arguments.isEmpty, component.ports == "{}" else {
        throw ConfigurationError("\(source): a run says its settings; leave out --with and --ports")
      }
      let folder = try RunFolder.recorded(at: source)
      let open = try OpenExperiment(file: folder.experiment)
      let networks = try Networks(open.resolution)
      try TrainingState.restoreForSampling(
        networks, try CheckpointFolder(folder.checkpoints).load(), from: folder.checkpoints)
      let parts = open.resolution.order.filter {
        $0 == id || open.resolution.parts[$0]?.part.use == id
      }
      guard parts.count == 1, let part = networks.components[parts[0]] else {
        let there = parts.isEmpty ? open.resolution.order : parts
        throw ConfigurationError(
          "\(source): \(parts.count) parts are \(id), expected one; its parts are "
            + there.joined(separator: ", "))
      }
      return try WeightsConversion(parts[0], part).exported()
    }
  }

  /// `workbench weights show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "List the tensors of a file: names, shapes, number formats.")

    @Argument(help: "The file.")
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try reporting {
        let read = try WeightsFile(file)
        print(json ? Show.json(read).text() : Show.text(read).joined(separator: "\n"))
      }
    }

    private static func text(_ file: WeightsFile) -> [String] {
      var lines = ["\(file.path)  \(file.format.rawValue)"] + file.notes.map { "  \($0)" }
      for group in file.groups {
        let numbers = group.tensors.reduce(0) { $0 + $1.count }
        let title = group.key.isEmpty ? "" : "\(group.key): "
        lines += ["", "\(title)tensors: \(group.tensors.count), numbers: \(numbers)"]
        let width = group.tensors.map(\.name.count).max() ?? 0
        lines += group.tensors.map { tensor in
          let gap = String(repeating: " ", count: width - tensor.name.count)
          let type = tensor.type.rawValue
          let padding = String(repeating: " ", count: 4 - type.count)
          return "  \(tensor.name)\(gap)  \(type)\(padding)  \(tensor.shape)"
        }
      }
      return lines
    }

    private static func json(_ file: WeightsFile) -> JSONValue {
      [
        "file": JSONValue(file.path), "format": JSONValue(file.format.rawValue),
        "notes": JSONValue(file.notes.map { JSONValue($0) }),
        "groups": JSONValue(
          file.groups.map { group in
            [
              "key": JSONValue(group.key),
              "tensors": JSONValue(
                group.tensors.map { tensor in
                  [
                    "name": JSONValue(tensor.name), "type": JSONValue(tensor.type.rawValue),
                    "shape": JSONValue(tensor.shape.map { JSONValue($0) }),
                  ]
                }),
            ]
          }),
      ]
    }
  }
}
