import PluginAPI

/// What a generation reads when one samples: fields of the dataset, and latents.
struct ModelParts {
  /// The dataset's ports that are read, in the dataset's order.
  private(set) var conditions: [Port] = []
  /// The generator's latent ports, and where each comes from.
  private(set) var latents: [(port: Port, source: Address)] = []

  /// Follows the bindings of one generation.
  init(_ resolution: Resolution, _ generation: String) {
    var fields: [String: Bool] = [:]  // whether the port is optional, by name
    var open = Array((resolution.generations[generation] ?? [:]).sorted { $0.key < $1.key })
    var seen: Set<String> = []
    let direct = Set(open.map(\.value.source))
    while !open.isEmpty {
      let (_, binding) = open.removeFirst()
      let node = binding.source.node
      guard let part = resolution.parts[node] else { continue }
      let isDrawn =
        part.component.kind == .latent
        || Self.drawnPorts(of: part).contains(binding.source.port)
      if isDrawn, direct.contains(binding.source) {
        latents.append((binding.port, binding.source))
      }
      if node == "dataset" {
        fields[binding.source.port] =
          binding.port.isOptional && fields[binding.source.port] != false
      } else if !(isDrawn && part.component.kind == .encoder), seen.insert(node).inserted {
        open += part.bindings.sorted { $0.key < $1.key }
      }
    }
    conditions = (resolution.parts["dataset"]?.provided ?? []).compactMap { port in
      fields[port.name].map { $0 ? port.optional : port }
    }
  }

  /// The generation that stands for the model: one whose latents an encoder can make, else the
  /// first.
  static func generation(of resolution: Resolution) -> String {
    let names = resolution.experiment.generations.map(\.name)
    return names.first { name in
      ModelParts(resolution, name).latents.contains {
        resolution.parts[$0.source.node]?.component.kind == .encoder
      }
    } ?? names.first ?? "main"
  }

  /// The parts of an experiment that make its images: all that the generator and the encoders behind
  /// its latents read or look through.
  static func needed(by resolution: Resolution) -> Set<String> {
    var open = ["generator"]
    var needed: Set<String> = []
    while let path = open.popLast() {
      guard path != "dataset", let part = resolution.parts[path], needed.insert(path).inserted
      else { continue }
      let generations = path == "generator" ? Array(resolution.generations.values) : []
      for bindings in generations + [part.bindings] {
        open += bindings.values.map(\.source.node)
      }
      open += resolution.catalog.sharedParts(part.component, part.settings)
      if let shared = part.part.shares { open.append(shared) }
    }
    return needed
  }

  /// The dataset's ports that some encoders read, directly or through others.
  static func fields(of encoders: Set<String>, in resolution: Resolution) -> [Port] {
    var open = Array(encoders)
    var (seen, names): (Set<String>, Set<String>) = ([], [])
    while let path = open.popLast() {
      guard seen.insert(path).inserted, let part = resolution.parts[path] else { continue }
      for binding in part.bindings.values {
        if binding.source.node == "dataset" {
          names.insert(binding.source.port)
        } else {
          open.append(binding.source.node)
        }
      }
    }
    return (resolution.parts["dataset"]?.provided ?? []).filter { names.contains($0.name) }
  }

  /// The generators that take a latent grouped by the classes of a label map.
  static func generatorsByClass(_ catalog: Catalog) -> [String] {
    catalog.ids(of: .generator).filter { id in
      guard let component = catalog.components[id],
        let settings = try? component.completed([:])
      else { return false }
      let image = Port.image("image", side: 256)
      var bound: [Port] = []
      while true {
        let context = Resolution.portContext(
          bound: Dictionary(bound.map { ($0.name, $0) }) { $1 }, image: image, catalog: catalog,
          parts: [:])
        guard let ports = try? component.consumes(settings, in: context) else { return false }
        guard bound.count < ports.count else {
          return bound.contains { $0.kind == .latent && $0["groups"] != nil }
        }
        bound.append(ports[bound.count].sized(Size2(256, 256)))
      }
    }
  }

  private static func drawnPorts(of part: ResolvedPart) -> Set<String> {
    let sources = (try? part.component.samplingSources(part.settings)) ?? [:]
    return Set(sources.filter { $0.value == .standardNormal }.keys)
  }
}
