import Foundation
import TestSupport
import Testing

@testable import Host

@Suite("The schema that the program writes", .serialized)
struct SchemaTests {
  @Test("Every setting with type, default, range and sentence; every id with its sentence")
  func settings() throws {
    let workbench = try Workbench()
    let written = try workbench("schema", "-o", "workbench.schema.json")
    #expect(written.status == 0 && written.output == "", "\(written.output)")
    let text = try String(
      contentsOfFile: workbench.folder.file("workbench.schema.json"), encoding: .utf8)
    #expect(try workbench("schema").output == text)
    let schema = try JSONValue(parsing: text, dialect: .json)
    #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")

    let adam = schema["$defs"]?["settings.essentials.adam"]
    let beta = adam?["properties"]?["beta1"]
    #expect(beta?["type"] == "number" && beta?["minimum"] == 0 && beta?["default"] != nil)
    #expect(beta?["description"]?.stringValue?.isEmpty == false)
    #expect(adam?["additionalProperties"] == false)
    let rate = adam?["properties"]?["learningRate"]?["default"]?.text(style: .line)
    #expect(rate == "0.0002", "as its author wrote it")
    let levels = schema["$defs"]?["settings.semantic-cgan.unet"]?["properties"]?["levels"]
    #expect(levels?["anyOf"]?[1] == ["type": "null"])
    let losses = schema["$defs"]?["chosen.adversarial-loss.loss.regularizer"]
    let uses = losses?["properties"]?["use"]?["oneOf"]?.arrayValue ?? []
    #expect(uses.contains { $0["const"] == "essentials/hinge" && $0["description"] != nil })
  }

  @Test("A shipped procedure is inspected as JSON, too")
  func procedure() throws {
    let result = try Workbench()("inspect", "essentials/discriminator-first", "--json")
    let tree = try JSONValue(parsing: result.output, dialect: .json)
    #expect(tree["kind"] == "procedure" && tree["phases"]?.arrayValue?.count == 2)
  }

  @Test("Every key that the reader knows is in it, and no other")
  func keys() throws {
    let schema = ExperimentSchema(catalog: Catalog([])).json["$defs"]
    let keys = { (name: String) in schema?[name]?["properties"]?.keys.sorted() ?? [] }
    #expect(keys("experiment") == ExperimentReader.keys.sorted())
    #expect(keys("changedExperiment") == ExperimentReader.keys.sorted())
    #expect(keys("phase") == ExperimentReader.phaseKeys.sorted())
    for section in ExperimentSchema.Section.allCases {
      #expect(keys(section.rawValue) == ExperimentReader.keys(in: section.rawValue).sorted())
    }
    #expect(keys("slot.view") == ExperimentReader.keys(in: "slot").sorted())
  }

  @Test("Every reference leads to a definition, with plugins and without")
  func references() throws {
    let full = try JSONValue(parsing: Workbench()("schema").output)
    for schema in [ExperimentSchema(catalog: Catalog([])).json, full] {
      let defined = Set(schema["$defs"]?.keys ?? [])
      let used = Set(Self.references(in: schema))
      #expect(used.subtracting(defined) == [])
      #expect(used.count > 15)
    }
  }

  private static func references(in value: JSONValue) -> [String] {
    let own = value["$ref"]?.stringValue.map { [String($0.dropFirst("#/$defs/".count))] } ?? []
    let inner = (value.members?.map(\.value) ?? []) + (value.arrayValue ?? [])
    return own + inner.flatMap(references)
  }
}
