import Host
import TestSupport
import Testing

@Suite("JSONValue")
struct JSONValueTests {
  @Test("a path is read as it is written", arguments: ["losses[1].with.weight", "a", "[0][1]"])
  func paths(text: String) throws {
    #expect(try JSONPath(parsing: text).description == text)
  }

  @Test("dotted and bracketed indices are the same path; odd keys stand in quotes")
  func pathSpellings() throws {
    #expect(try JSONPath(parsing: "losses.1.weight") == "losses[1].weight")
    #expect(JSONPath([.key("a.b"), .index(0)]).description == "[\"a.b\"][0]")
    #expect(try JSONPath(parsing: "x[\"a.b\"][0]").steps == [.key("x"), .key("a.b"), .index(0)])
    for wrong in ["a..b", "a[", "a[x]", "a['b]", ".a", "a["] {
      #expect(throws: Diagnostic.self) { try JSONPath(parsing: wrong) }
    }
  }

  @Test("a path finds its value")
  func lookup() throws {
    let value: JSONValue = ["losses": [["use": "a"], ["with": ["weight": 5, "0": 1]]]]
    #expect(value["losses[1].with.weight" as JSONPath]?.intValue == 5)
    #expect(value["losses[1].with[0]" as JSONPath]?.intValue == 1)
    #expect(value["losses[2].with" as JSONPath] == nil)
    #expect(value["losses.with" as JSONPath] == nil)
  }

  @Test("pretty text keeps the order, breaks long lines, and reads back the same")
  func pretty() throws {
    let value: JSONValue = [
      "name": "x", "z": 1, "list": [1, 2, 3], "empty": [], "none": [:],
      "losses": [["use": "a"], ["use": "b", "with": ["c": [1]]]],
    ]
    #expect(
      value.text() == """
        {
          "name": "x",
          "z": 1,
          "list": [1, 2, 3],
          "empty": [],
          "none": {},
          "losses": [
            {"use": "a"},
            {
              "use": "b",
              "with": {"c": [1]}
            }
          ]
        }
        """)
    let again = try JSONValue(parsing: value.text(), dialect: .json)
    #expect(again == value)
    #expect(again.text() == value.text())
    let long = JSONValue((0..<60).map { JSONValue($0) })
    #expect(try JSONValue(parsing: long.text(), dialect: .json) == long)
  }

  @Test("numbers are written as strict JSON")
  func numbers() throws {
    let value = try JSONValue(parsing: "[0xFF, .5, +3, 5., 1e-4, 18446744073709551615, -0x10]")
    #expect(value.text(style: .canonical) == "[255,0.5,3,5,0.0001,18446744073709551615,-16]")
    let odd: JSONValue = [
      JSONValue(Double.nan), JSONValue(-Double.infinity), JSONValue(Float(0.1)),
    ]
    #expect(odd.text(style: .line) == "[\"NaN\", \"-Infinity\", 0.1]")
  }

  @Test("the canonical text does not depend on the order of keys")
  func canonical() {
    let first: JSONValue = ["a": 1, "b": ["d": "\n\u{1}\"", "c": nil]]
    let second: JSONValue = ["b": ["c": nil, "d": "\n\u{1}\""], "a": 1]
    #expect(first == second)
    #expect(first.text(style: .canonical) == second.text(style: .canonical))
    #expect(
      first.text(style: .canonical) == #"{"a":1,"b":{"c":null,"d":"\n\u0001\""}}"#)
  }

  @Test("the nearest name is offered, and none when nothing is near")
  func nearest() {
    let names = ["latentSize", "channels", "essentials/hinge", "side"]
    #expect(NearestName.find("latentSiz", among: names) == "latentSize")
    #expect(NearestName.find("chanels", among: names) == "channels")
    #expect(NearestName.find("sdie", among: names) == "side")
    #expect(NearestName.find("hinge", among: names) == "essentials/hinge")
    #expect(NearestName.find("momentum", among: names) == nil)
    #expect(NearestName.distance("ca", "ac") == 1)
    #expect(NearestName.distance("kitten", "sitting") == 3)
    #expect(NearestName.distance("", "abc") == 3)
  }
}

@Suite("JSONOverride")
struct JSONOverrideTests {
  private let tree: JSONValue = [
    "generator": ["use": "a/b"], "losses": [["use": "hinge"], ["use": "l1", "weight": 10]],
    "empty": [],
  ]

  private func edited(_ arguments: String...) throws -> JSONValue {
    var copy = tree
    try JSONOverride.apply(arguments, to: &copy)
    return copy
  }

  @Test("values are replaced, added and appended")
  func edits() throws {
    #expect(try edited("losses.1.weight=5")["losses[1].weight" as JSONPath] == 5)
    #expect(try edited("losses[0].weight=5")["losses[0].weight" as JSONPath] == 5)
    #expect(try edited("generator.use=ssa/x")["generator.use" as JSONPath] == "ssa/x")
    #expect(try edited("generator.with.side=64")["generator.with.side" as JSONPath] == 64)
    #expect(try edited("losses.+={use: 'kl'}")["losses[2].use" as JSONPath] == "kl")
    #expect(try edited("empty.+=1", "empty.+=2")["empty"] == [1, 2])
    #expect(try edited("name=a=b")["name"] == "a=b")
    #expect(try edited("name='5'")["name"] == "5")
    #expect(try edited("output=runs/x")["output"] == "runs/x")
    #expect(try edited("seed=18446744073709551615")["seed"]?.integer(UInt64.self) == .max)
  }

  @Test(
    "an argument that leads nowhere says what is there",
    arguments: [
      ("losses.2.weight=5", "losses[2] does not exist: losses has 2 elements, 0 to 1"),
      ("losses.2=5", "losses[2] does not exist: losses has 2 elements, 0 to 1; losses.+ appends"),
      ("empty.0=5", "empty[0] does not exist: empty has no elements"),
      (
        "generatr.use=x",
        "generatr does not exist: the root is an object with generator, losses, empty; "
          + "did you mean \"generator\"?"
      ),
      ("generator.use.x=1", "generator.use is \"a/b\" and has no x"),
      ("losses.weight=1", "losses is an array of 2 and has no weight"),
      ("generator.+=1", "generator is an object with use; + appends to an array"),
      ("seed", "an override is written path=value"), ("a..b=1", "\"a..b\" is not a path"),
      ("seed=", "no value follows the equals sign"), ("seed={a:1", "the object is not closed"),
      ("seed=1e999", "1e999 is larger than any Float64"), ("x=[1 2]", "a comma is missing"),
      ("x={a:1,a:2}", "a: the key occurs a second time"),
    ])
  func faults(argument: String, expected: String) {
    let error = #expect(throws: Diagnostics.self) { try edited(argument) }
    #expect(
      error?.faults.first?.sentence.hasPrefix(expected) == true, "\(String(describing: error))")
    #expect(error?.faults.first?.position?.source.name == "--set \(argument)")
  }

  @Test("the place of a fault in a value is its place in the argument")
  func places() throws {
    let error = #expect(throws: Diagnostics.self) { try edited("x.+=1", "losses=[1, {a: b}]") }
    #expect(error?.faults.count == 2)
    #expect(error?.faults.last?.position?.column == 16)
    #expect(try edited("seed=12")["seed"]?.position?.column == 6)
  }
}
