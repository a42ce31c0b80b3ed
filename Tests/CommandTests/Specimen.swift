import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// Foundation has ports of its own.
typealias Port = PluginAPI.Port

/// One component of the tree as `apply` runs it alone: small settings, sizes for its ports, and
/// random inputs built from what `inspect --json` says.
struct Specimen {
  let id: String
  let kind: String
  let settings: String
  let ports: String
  /// What it consumes, all sizes known.
  let consumed: [Port]
  /// What it provides, by the description.
  let provided: [Port]
  /// Shapes of weights and buffers by name.
  let weights: [String: [Int]]
  /// Shapes of draws in training by name, in file layout.
  let draws: [String: [Int]]

  /// The ids and kinds of everything that `apply` runs.
  static func all(_ workbench: Workbench) throws -> [(id: String, kind: String)] {
    let kinds = ["generator", "discriminator", "loss", "adversarial-loss", "encoder", "perceptor"]
    return try kinds.flatMap { kind in
      try workbench("list", kind).output.split(separator: "\n").compactMap { line in
        guard line.hasPrefix("  "), let id = line.split(separator: " ").first else { return nil }
        return (String(id), kind)
      }
    }
  }

  /// Looks for the smallest settings and sizes under which the component can be built.
  static func smallest(_ id: String, _ kind: String, _ workbench: Workbench) throws -> Specimen {
    for isSmall in [true, false] {
      for side in [32, 64, 128, 256] {
        let described = try inspect(id, "{}", "{image: {side: \(side)}}", workbench)
        let settings = isSmall ? small(described) : "{}"
        if let specimen = try Specimen(id, kind, settings, side: side, workbench) {
          return specimen
        }
      }
    }
    throw ConfigurationError("\(id) can't be built at any side, with few channels or many")
  }

  /// Asks for the component under these settings, on images of this side; `nil` where they are
  /// refused.
  init?(
    _ id: String, _ kind: String, _ settings: String, side: Int, _ workbench: Workbench
  ) throws {
    let asked = try Specimen.inspect(id, settings, "{image: {side: \(side)}}", workbench)
    let consumed = Specimen.readPorts(asked["consumes"]).map { Specimen.sized($0, side: side) }
    var sizes = Dictionary(consumed.map { ($0.name, Specimen.sizes($0)) }) { first, _ in first }
    if sizes["image"] == nil { sizes["image"] = "side: \(side)" }
    ports = "{" + sizes.map { "\"\($0)\": {\($1)}" }.sorted().joined(separator: ", ") + "}"
    let answer = try Specimen.inspect(id, settings, ports, workbench)
    guard answer["provides"] != nil else { return nil }
    (self.id, self.kind, self.settings, self.consumed) = (id, kind, settings, consumed)
    provided = Specimen.readPorts(answer["provides"])
    weights = Specimen.shapes(answer["weights"])
    draws = Specimen.shapes(answer["draws"])
  }

  /// Random inputs in file layout.
  func inputs() throws -> [String: Tensor] {
    var random = RandomStream(seed: 3, stream: id)
    var inputs: [String: Tensor] = [:]
    for port in consumed {
      let example = try #require(port.example(count: 2, using: &random), "\(id) \(port)")
      for (name, tensor) in example.tensors {
        inputs[name] = FieldLayout.outside(tensor, named: name).evaluated()
      }
    }
    if kind == "adversarial-loss" {
      for judgement in ["real", "fake", "mismatched"] {
        for scale in 0..<2 {
          inputs["\(judgement).logits.\(scale)"] = .normal([2, 1, 4, 4], using: &random)
        }
      }
    }
    return inputs
  }

  /// Random tensors of given shapes.
  func random(like tensors: [String: Tensor]) -> [String: Tensor] {
    var random = RandomStream(seed: 4, stream: id)
    return Dictionary(
      uniqueKeysWithValues: tensors.sorted { $0.key < $1.key }
        .map { ($0.key, .normal($0.value.shape, using: &random)) })
  }

  // MARK: - Reading what inspect says

  static func inspect(
    _ id: String, _ settings: String, _ ports: String, _ workbench: Workbench
  ) throws -> JSONValue {
    let result = try workbench("inspect", id, "--json", "--with", settings, "--ports", ports)
    try #require(result.status == 0, "\(result.output)")
    return try JSONValue(parsing: result.output)
  }

  /// Few channels, the rest by default.
  static func small(_ description: JSONValue) -> String {
    let members = (description["settings"]?.arrayValue ?? []).compactMap { setting -> String? in
      guard let name = setting["name"]?.stringValue, let usual = setting["default"]?.intValue,
        ["width", "channels", "filters"].contains(where: { name.lowercased().contains($0) })
      else { return nil }
      return "\"\(name)\": \(min(usual, max(4, setting["minimum"]?.intValue ?? 1)))"
    }
    return "{\(members.joined(separator: ", "))}"
  }

  private static func readPorts(_ value: JSONValue?) -> [Port] {
    (value?.arrayValue ?? []).map { port in
      var result = Port(
        port["name"]?.stringValue ?? "", Port.Kind(rawValue: port["kind"]?.stringValue ?? ""),
        role: port["role"]?.stringValue.map { Port.Role(rawValue: $0) })
      for member in port["attributes"]?.members ?? [] {
        result.attributes[member.key] = member.value.intValue
      }
      return result
    }
  }

  /// Fills in the sizes a component leaves open.
  private static func sized(_ port: Port, side: Int) -> Port {
    var port = port
    var open: [String: Int] = [:]
    switch port.kind {
    case .image: open = ["height": side, "width": side, "channels": 3]
    case .classPlanes, .labelMap, .segmentation:
      open = ["height": side, "width": side, "classes": 5]
    case .mask, .edges, .instanceMap: open = ["height": side, "width": side]
    case .poseMaps: open = ["height": side, "width": side, "classes": 5]
    case .partMasks: open = ["height": side, "width": side, "parts": 5]
    case .caption, .attributeList: open = ["vocabulary": 20, "maxLength": 6]
    case .words, .sentence: open = ["size": 8, "maxLength": 6]
    // A map of codes has eight channels for each of the five classes.
    case .latent, .posterior: open = port["height"] == nil ? ["size": 8] : ["channels": 40]
    case .classLabel: open = ["classes": 5]
    case .attributes, .keypoints: open = ["count": 5]
    case .partTransforms: open = ["parts": 5]
    case .boxes: open = ["max": 3]
    case .features: open = ["layers": 2]
    default: break
    }
    port.attributes.merge(open) { declared, _ in declared }
    return port
  }

  private static func sizes(_ port: Port) -> String {
    port.attributes.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
  }

  private static func shapes(_ value: JSONValue?) -> [String: [Int]] {
    Dictionary(
      (value?.arrayValue ?? []).map { entry in
        (
          entry["name"]?.stringValue ?? "",
          (entry["shape"]?.arrayValue ?? []).compactMap(\.intValue)
        )
      }
    ) { first, _ in first }
  }
}
