import Host
import TestSupport
import Testing

@Suite("JSONParser")
struct JSONParserTests {
  private func faults(_ text: String, _ dialect: JSONParser.Dialect = .json5) -> [Diagnostic] {
    JSONParser.parse(SourceText(text, name: "f"), dialect: dialect).faults
  }

  @Test("every freedom of JSON5 is read")
  func json5() throws {
    let text = """
      // a comment
      {
        unquoted: 'single \\'quotes\\'', $odd_1: "a\\
      b", /* block */ hex: 0xFF, half: .5, five: 5., plus: +1,
        negative: -0x10, list: [1, 2,], "quoted": null, ünicode: true, \\u0061b: 'A\\x42\\u{0}',
      }
      """.replacing("\\u{0}", with: "\\uD83D\\uDC26")
    let value = try JSONValue(parsing: text)
    let expected: JSONValue = [
      "unquoted": "single 'quotes'", "$odd_1": "ab", "hex": 255, "half": 0.5, "five": 5,
      "plus": 1, "negative": -16, "list": [1, 2], "quoted": nil, "ünicode": true, "ab": "AB🐦",
    ]
    #expect(value == expected)
    #expect(value.keys == expected.keys)
  }

  @Test("values and keys know line and column, across all line ends")
  func positions() throws {
    let value = try JSONValue(parsing: "{\r\n  a: 1,\r  'ü': [true,\n\t null]\n}", named: "x.json")
    #expect(value.position?.description == "x.json:1:1")
    #expect(value.members?[1].keyPosition?.description == "x.json:3:3")
    #expect(value["ü"]?.position?.description == "x.json:3:8")
    #expect(value["ü"]?[1]?.position?.description == "x.json:4:3")
  }

  @Test(
    "a fault is found at its place",
    arguments: [
      ("", "1:1: the text is empty"), ("{", "1:1: the object is not closed with }"),
      ("[1,", "1:1: the array is not closed with ]"),
      ("{a:1 b:2}", "1:6: a comma is missing"), ("{a 1}", "1:4: a: a colon is missing"),
      ("{a:}", "1:2: a: the value of this key is missing"),
      ("{a:1]", "1:5: ] does not close the object"), ("[,1]", "1:2: nothing stands before"),
      ("1 2", "1:3: more text follows"), ("'abc\n'", "1:1: the string is not closed with '"),
      ("01", "1:1: 01 is not a number: it starts with 0"), ("1e", "1:1: 1e is not a number"),
      ("--1", "1:1: --1 is not a number"), ("0x", "1:1: 0x is not a number"),
      ("1.2.3", "1:1: 1.2.3 is not a number"), ("+", "1:1: + is not a number"),
      ("1e999", "1:1: 1e999 is larger than any Float64"),
      ("1e-999", "1:1: 1e-999 is nearer to 0 than any Float64"),
      ("-Infinity", "1:1: -Infinity is not allowed here"), ("NaN", "1:1: NaN is not allowed"),
      ("True", "1:1: True is not a value; write true"),
      ("None", "1:1: None is not a value; write null"),
      ("ssa/x", "1:1: ssa/x is not a value; strings stand in quotes"),
      ("/* a", "1:1: the comment is not closed"), ("{1:2}", "1:2: 1 is not a key"),
      ("{a-b:2}", "1:2: a-b is not a plain key; write it in quotes"),
      ("'\\u12'", "1:6: 4 hexadecimal digits are expected"),
      ("'\\uD800'", "1:2: the escape is half of a surrogate pair"),
      ("'\\1'", "1:2: \\1 is not an escape"),
    ])
  func syntax(text: String, expected: String) {
    let found = faults(text).first?.description ?? "nothing"
    #expect(found.hasPrefix("f:\(expected)"), "\(found)")
  }

  @Test("one pass finds all faults and invents none")
  func allFaults() {
    let text = """
      {
        seed: one,
        losses: [ { use: 'a' }, { use 'b' }, ],
        training: { batchSize: 08, for: { images: 5 } "a": 1 },
        output: 'runs
      }
      """
    let found = faults(text).map { "\($0.position?.line ?? 0) \($0.path)" }
    #expect(
      found == ["2 seed", "3 losses[1].use", "4 training.batchSize", "4 training", "5 output"])
  }

  @Test("a duplicate key is reported with both places, however it is spelt")
  func duplicates() {
    let found = faults("{ losses: { a: 1,\n 'b': 2, \"\\u0061\": 3 } }")
    #expect(found.count == 1)
    #expect(found.first?.kind == .duplicateKey)
    #expect(found.first?.path == "losses.a")
    #expect(found.first?.position?.description == "f:2:10")
    #expect(found.first?.notes.first?.position.description == "f:1:13")
  }

  @Test("a message shows the line with a caret")
  func excerpt() {
    #expect(
      faults("{\n  seed: one,\n}").first?.description == """
        f:2:9: seed: one is not a value; strings stand in quotes
              seed: one,
                    ^
        """)
  }

  @Test("a long line is cut to a window around the caret")
  func longLine() throws {
    let text = "[" + String(repeating: "1, ", count: 500) + "x]"
    let lines = try #require(faults(text).first).description.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].count <= 100)
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(
      lines[1][
        lines[1].index(
          lines[1].startIndex, offsetBy: lines[2].distance(from: lines[2].startIndex, to: caret))]
        == "x")
  }

  @Test("deep nesting is refused, not followed")
  func depth() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(faults(deep).map(\.kind) == [.depth])
    let objects = String(repeating: "{a:", count: 100_000)
    #expect(faults(objects).map(\.kind) == [.depth])
    let allowed = String(repeating: "[", count: 127) + String(repeating: "]", count: 127)
    #expect(faults(allowed).isEmpty)
  }

  @Test("the number of faults is bounded")
  func manyFaults() {
    let found = faults("[" + String(repeating: "x, ", count: 10_000) + "]")
    #expect(found.count == JSONParser.mostFaults + 1)
  }

  @Test("bytes that are not UTF-8 are reported with their place")
  func encoding() {
    let bytes = Array("{\n a: 'x".utf8) + [0xC3] + Array("', b: one }".utf8)
    let found = JSONParser.parse(SourceText(bytes: bytes, name: "f")).faults
    #expect(found.first?.description.hasPrefix("f:2:7: byte 0xC3 is not UTF-8") == true)
    #expect(found.count == 2)
    let utf16 = SourceText(bytes: [0xFF, 0xFE, 0x7B, 0x00], name: "f")
    #expect(
      JSONParser.parse(utf16).faults.map(\.message) == ["the file is UTF-16; save it as UTF-8"])
  }

  @Test(
    "strict JSON refuses what only JSON5 allows",
    arguments: [
      "{a: 1}", "[1,]", "'a'", "// c\n1", "0xFF", ".5", "5.", "+1", "\"\\x41\"", "\"\t\"",
      "\u{A0}1", "Infinity",
    ])
  func strict(text: String) {
    #expect(!faults(text, .json).isEmpty)
  }

  @Test("strict JSON is read in both dialects", arguments: [JSONParser.Dialect.json, .json5])
  func strictIsRead(dialect: JSONParser.Dialect) throws {
    let text = "{\"a\": [1, -2.5e3, 1E+2, true, null], \"b\\n\": {\"c\": \"\\u00e9\"}}"
    let value = try JSONValue(parsing: text, dialect: dialect)
    #expect(value == ["a": [1, -2500, 100, true, nil], "b\n": ["c": "é"]])
  }

  @Test("integers are exact up to 64 bits")
  func integers() throws {
    let value = try JSONValue(parsing: "[18446744073709551615, 0xFFFFFFFFFFFFFFFF, 1e3, 1.5, -1]")
    #expect(value[0]?.integer(UInt64.self) == .max)
    #expect(value[1]?.integer(UInt64.self) == .max)
    #expect(value[0]?.intValue == nil)
    #expect(value[2]?.intValue == 1000)
    #expect(value[3]?.intValue == nil)
    #expect(value[4]?.intValue == -1)
    #expect(value[4]?.integer(UInt64.self) == nil)
  }
}
