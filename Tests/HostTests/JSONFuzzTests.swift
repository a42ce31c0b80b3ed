import Foundation
import Host
import PluginAPI
import TestSupport
import Testing

private let experiment = """
  {
    "format": 1,
    name: 'aviary-mixed', // the run
    "seed": 0xFFFFFFFFFFFFFFFF,
    "dataset": { "use": "aviary/birds", "with": { "side": 64, "rate": .5 } },
    "discriminators": [
      { "use": "patch/whole" },
      { "use": "patch/whole", "view": { "use": "essentials/quadrants" }, "on": "images[64]" },
    ],
    /* weights may be schedules */
    "losses": [
      { "use": "essentials/hinge" },
      { "use": "vae/kl", "weight": { "from": 0, "to": 5e-2, "over": { "images": 20000 } } },
    ],
    "stages": [], "note": "a\\u00e9\\n\\\\ \\"q\\" ü 🐦",
    "output": "runs", "none": null, "on": true,
  }
  """

@Suite("Random changes of valid files")
struct JSONFuzzTests {
  @Test("no change of an experiment crashes the reader; every fault has a place and a text")
  func experiments() throws {
    var mutator = Mutator(state: 1)
    var accepted = 0
    for _ in 0..<5000 {
      let source = SourceText(bytes: mutator.mutate(Array(experiment.utf8)), name: "f")
      let dialect: JSONParser.Dialect = mutator.below(4) == 0 ? .json : .json5
      let (value, faults) = JSONParser.parse(source, dialect: dialect)
      for fault in faults {
        #expect(fault.position != nil)
        #expect(fault.description.hasPrefix("f:"))
      }
      if faults.isEmpty {
        accepted += 1
        let value = try #require(value)
        #expect(try JSONValue(parsing: value.text(), dialect: .json) == value)
        #expect(try JSONValue(parsing: value.text(style: .canonical), dialect: .json) == value)
      }
    }
    #expect(accepted > 100, "the changes are so strong that hardly a text is read")
    #expect(accepted < 4000, "the changes are so weak that hardly a fault is made")
  }

  @Test("a key put a second time into any object is never accepted")
  func duplicates() throws {
    let tree = try JSONValue(parsing: experiment)
    var mutator = Mutator(state: 2)
    for _ in 0..<1000 {
      var copy = tree
      let key = duplicateKey(in: &copy, using: &mutator)
      let text = copy.text(style: mutator.below(2) == 0 ? .pretty : .line)
      let faults = JSONParser.parse(SourceText(text, name: "f")).faults
      #expect(faults.map(\.kind) == [.duplicateKey], "\(key)")
      #expect(faults.first?.path.steps.last == .key(key))
      #expect(faults.first?.notes.count == 1)
    }
  }

  /// Repeats a member of a random object of the tree, and returns its key.
  private func duplicateKey(in value: inout JSONValue, using mutator: inout Mutator) -> String {
    switch value.kind {
    case .object(var members):
      let chosen = mutator.below(members.count)
      let isContainer = !(members[chosen].value.keys + (members[chosen].value.hasObjects)).isEmpty
      var key = members[chosen].key
      if isContainer && mutator.below(3) > 0 {
        key = duplicateKey(in: &members[chosen].value, using: &mutator)
      } else {
        members.insert(.init(key, 1), at: mutator.below(members.count + 1))
      }
      value.kind = .object(members)
      return key
    case .array(var values):
      let key = duplicateKey(in: &values[mutator.below(values.count)], using: &mutator)
      value.kind = .array(values)
      return key
    default: return ""
    }
  }

  @Test("no change of a safetensors file crashes the reader, and none of a checkpoint is accepted")
  func files() throws {
    let folder = try TemporaryFolder()
    let tensors = ["g/a": Tensor([1, 2, 3, 4], [2, 2]), "g/b": Tensor(2), "e/c": Tensor([], [0])]
    let checkpoint = Checkpoint(
      Checkpoint.Record(step: 3, images: 24, seed: 1), tensors: tensors)
    try checkpoint.save(to: folder.file("c"))
    let originals = try [
      bytes(of: fixture("number_formats.safetensors")), bytes(of: folder.file("c")),
    ]
    var mutator = Mutator(state: 3)
    for round in 0..<3000 {
      let original = originals[round % 2]
      let changed = mutator.mutate(original)
      try put(changed, to: folder.file("x"))
      if let file = try? SafetensorsReader(folder.file("x")) {
        for entry in file.entries {
          if let values = try? file.values(named: entry.name) {
            #expect(values.count == entry.shape.reduce(1, *))
          }
        }
      }
      if changed != original {
        #expect(throws: (any Error).self) { try Checkpoint.load(folder.file("x")) }
      }
    }
  }

  @Test("no text crashes the reader of overrides")
  func overrides() throws {
    let tree = try JSONValue(parsing: experiment)
    var mutator = Mutator(state: 4)
    for round in 0..<2000 {
      let valid = ["losses.1.weight={from:0,to:1}", "a[\"b\"].c='x'", "losses.+={use:'l1'}"]
      let bytes = mutator.mutate(Array(valid[round % 3].utf8))
      var copy = tree
      do {
        try JSONOverride.apply([String(decoding: bytes, as: UTF8.self)], to: &copy)
        #expect(try JSONValue(parsing: copy.text(), dialect: .json) == copy)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}

extension JSONValue {
  /// One text for each object in an array.
  fileprivate var hasObjects: [String] {
    (arrayValue ?? []).allSatisfy { $0.members != nil }
      ? (arrayValue ?? []).map { _ in "object" } : []
  }
}
