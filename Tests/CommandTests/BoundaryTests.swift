import Foundation
import PluginAPI
import TestSupport
import Testing

@testable import Host

/// The generators and discriminators of the tree.
private let networks: [(id: String, kind: String)] =
  ((try? Specimen.all(try Workbench())) ?? []).filter {
    ["generator", "discriminator", "perceptor"].contains($0.kind)
  }

@Suite("No settings crash a network: they work, or a sentence says why not", .serialized)
struct BoundaryTests {
  @Test("Bounds of settings and odd sides", arguments: networks.map(\.id))
  func network(_ id: String) throws {
    let workbench = try Workbench()
    let kind = networks.first { $0.id == id }?.kind ?? ""
    let described = try Specimen.inspect(id, "{}", "{image: {side: 32}}", workbench)
    let small = Specimen.small(described)
    var cases: [(settings: String, side: Int)] = [1, 5, 8, 33, 48].map { (small, $0) }
    for setting in described["settings"]?.arrayValue ?? [] {
      let name = setting["name"]?.stringValue ?? ""
      var values = (setting["choices"]?.arrayValue ?? []).map { $0.text(style: .line) }
      if let minimum = setting["minimum"]?.doubleValue { values.append("\(Int(minimum))") }
      // Large bounds only cost time.
      if let maximum = setting["maximum"]?.doubleValue, maximum <= 16 {
        values.append(setting["maximum"]?.text(style: .line) ?? "")
      }
      for value in values {
        var settings = try JSONValue(parsing: small)
        settings.set(JSONPath([.key(name)]), try JSONValue(parsing: value))
        cases.append((settings.text(style: .line), 32))
      }
    }
    for (settings, side) in cases { try check(id, kind, settings, side, workbench) }
  }

  private func check(
    _ id: String, _ kind: String, _ settings: String, _ side: Int, _ workbench: Workbench
  ) throws {
    guard let specimen = try Specimen(id, kind, settings, side: side, workbench) else { return }
    try SafetensorsWriter.write(specimen.inputs(), to: workbench.folder.file("inputs"))
    let result = try workbench(
      "apply", id, "--with", settings, "--ports", specimen.ports, "--inputs", "inputs",
      "--outputs", "outputs", "--mode", "train")
    #expect([0, 1].contains(result.status), "\(settings) at \(side): \(result.output.prefix(600))")
    #expect(result.status == 0 || !result.output.isEmpty)
  }
}
