import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The ids and kinds of what `apply` runs, found once.
private let catalog: [(id: String, kind: String)] =
  (try? Specimen.all(try Workbench())) ?? []

@Suite("apply runs every network and loss of the tree", .serialized)
struct CatalogTests {
  /// What one call wrote.
  private struct Answer {
    let outputs: [String: Tensor]
    let gradients: [String: Tensor]
  }

  private func apply(
    _ specimen: Specimen, _ workbench: Workbench, _ inputs: [String: Tensor], mode: String,
    cotangents: [String: Tensor]? = nil, saysPorts: Bool = true
  ) throws -> Answer {
    let file = { (name: String) in workbench.folder.file(name) }
    try SafetensorsWriter.write(inputs, to: file("inputs"))
    var arguments = [
      "apply", specimen.id, "--with", specimen.settings, "--inputs", "inputs", "--outputs",
      "outputs", "--mode", mode,
    ]
    if saysPorts { arguments += ["--ports", specimen.ports] }
    if let cotangents {
      try SafetensorsWriter.write(cotangents, to: file("cotangents"))
      arguments += ["--cotangents", "cotangents", "--gradients", "gradients"]
    }
    let result = try workbench.run(arguments)
    try #require(result.status == 0, "\(specimen.id) \(mode): \(result.output)")
    let gradients = try cotangents.map { _ in try SafetensorsReader(file("gradients")).tensors() }
    return Answer(
      outputs: try SafetensorsReader(file("outputs")).tensors(), gradients: gradients ?? [:])
  }

  @Test("There are components of several kinds")
  func catalogIsThere() {
    #expect(Set(catalog.map(\.kind)).count >= 5)
  }

  @Test("Outputs, gradients, draws and labels, in both modes", arguments: catalog.map(\.id))
  func component(_ id: String) throws {
    let workbench = try Workbench()
    let kind = catalog.first { $0.id == id }?.kind ?? ""
    let specimen = try Specimen.smallest(id, kind, workbench)
    let inputs = try specimen.inputs()
    for mode in ["eval", "train"] {
      let first = try apply(specimen, workbench, inputs, mode: mode)
      let buffers = first.outputs.filter { specimen.weights[$0.key] != nil }
      let outputs = first.outputs.filter { specimen.weights[$0.key] == nil }
      try checkOutputs(outputs, specimen)
      let second = try apply(
        specimen, workbench, inputs, mode: mode, cotangents: specimen.random(like: outputs))
      for (name, tensor) in second.outputs {
        #expect(tensor.scalars() == first.outputs[name]?.scalars(), "\(mode) \(name)")
      }
      let isBuffer = Set(mode == "train" ? Array(buffers.keys) : specimen.bufferNames)
      let expected = Set(inputs.keys).union(specimen.weights.keys).subtracting(isBuffer)
      #expect(Set(second.gradients.keys) == expected)
      for (name, gradient) in second.gradients {
        let shape = specimen.weights[name] ?? inputs[name]?.shape
        #expect(gradient.shape == shape, "\(name)")
        #expect(gradient.scalars().allSatisfy { $0.isFinite }, "\(mode) \(name)")
      }
      let weights = second.gradients.filter { specimen.weights[$0.key] != nil }
      let reached = weights.values.filter { $0.scalars().contains { $0 != 0 } }
      #expect(weights.isEmpty || reached.count * 2 > weights.count, "\(mode)")
    }
    try checkDraws(specimen, workbench, inputs)
    try checkLabels(specimen, workbench, inputs)
  }

  /// Every port is there, in the layout of files.
  private func checkOutputs(_ outputs: [String: Tensor], _ specimen: Specimen) throws {
    for (name, tensor) in outputs {
      #expect(tensor.scalars().allSatisfy { $0.isFinite }, "\(specimen.id) \(name)")
    }
    switch specimen.kind {
    case "loss": #expect(outputs.mapValues(\.shape) == ["loss": []])
    case "adversarial-loss":
      #expect(outputs.mapValues(\.shape) == ["discriminatorLoss": [], "generatorLoss": []])
    default:
      for port in specimen.provided {
        let parts = outputs.filter { $0.key == port.name || $0.key.hasPrefix(port.name + ".") }
        #expect(!parts.isEmpty, "\(specimen.id) gives no \(port)")
        guard let tensor = parts[port.name], tensor.rank == 4 else { continue }
        let channels = port["channels"] ?? port["classes"] ?? tensor.shape[1]
        let size = [port["height"] ?? tensor.shape[2], port["width"] ?? tensor.shape[3]]
        #expect(tensor.shape == [2, channels] + size, "\(port)")
        if port.kind == .image { #expect(tensor.scalars().allSatisfy { abs($0) <= 1 }) }
      }
      let names = outputs.keys.filter { name in
        !specimen.provided.contains { name == $0.name || name.hasPrefix($0.name + ".") }
      }
      #expect(names.isEmpty, "\(specimen.id) provides no \(names)")
    }
  }

  /// A draw that is given is used: the same gives the same, another something else.
  private func checkDraws(
    _ specimen: Specimen, _ workbench: Workbench, _ inputs: [String: Tensor]
  ) throws {
    guard !specimen.draws.isEmpty else { return }
    var results: [[String: [Float]]] = []
    for value in [Float(1), 1, 0] {
      let draws = specimen.draws.mapValues { Tensor.full(value, $0) }
      let answer = try apply(
        specimen, workbench, inputs.merging(draws) { $1 }, mode: "train")
      results.append(answer.outputs.mapValues { $0.scalars() })
    }
    #expect(results[0] == results[1])
    #expect(results[0] != results[2])
  }

  /// Labels may be integers or one plane a class; with planes, tensors show every size there is.
  private func checkLabels(
    _ specimen: Specimen, _ workbench: Workbench, _ inputs: [String: Tensor]
  ) throws {
    var (others, shown) = (inputs, inputs)
    for port in specimen.consumed {
      guard let labels = inputs[port.name], let classes = port["classes"] else { continue }
      if port.kind == .classPlanes { others[port.name] = labels.argmax(axis: 1) }
      if port.kind == .labelMap {
        let planes = labels.oneHot(classes: classes).permuted([0, 3, 1, 2]).evaluated()
        (others[port.name], shown[port.name]) = (planes, planes)
      }
    }
    let first = try apply(specimen, workbench, inputs, mode: "eval").outputs
      .mapValues { $0.scalars() }
    if others.contains(where: { $0.value.shape != inputs[$0.key]?.shape }) {
      let second = try apply(specimen, workbench, others, mode: "eval").outputs
      #expect(first == second.mapValues { $0.scalars() })
    }
    guard !specimen.consumed.contains(where: { $0["vocabulary"] != nil }) else { return }
    let unsaid = try apply(specimen, workbench, shown, mode: "eval", saysPorts: false).outputs
    #expect(first == unsaid.mapValues { $0.scalars() })
  }
}

extension Specimen {
  /// The names of buffers, which no gradient belongs to.
  var bufferNames: [String] {
    weights.keys.filter { name in
      ["runningMean", "runningVariance", "u", "v"].contains {
        name == $0 || name.hasSuffix("." + $0)
      }
    }
  }
}
