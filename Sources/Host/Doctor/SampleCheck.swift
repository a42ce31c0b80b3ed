import PluginAPI

/// Compares one sample with what the dataset's ports promise: fields, shapes, ranges.
struct SampleCheck {
  /// What is wrong, a sentence each.
  private(set) var faults: [String] = []
  private let sample: Sample

  /// Looks at every port.
  init(_ sample: Sample, _ ports: [Port]) {
    self.sample = sample
    for port in ports { check(port) }
    for (name, field) in sample.sorted(by: { $0.key < $1.key }) {
      if let wrong = field.values.first(where: { !$0.isFinite }) {
        faults.append("\(name) holds \(wrong)")
      }
    }
  }

  private mutating func check(_ port: Port) {
    let fields = sample.filter { $0.key == port.name || $0.key.hasPrefix(port.name + ".") }
    guard !fields.isEmpty else {
      faults.append("there is no field \(port.name), which the dataset provides")
      return
    }
    switch port.kind {
    case .image: whole(port, port["channels"], in: -1.001...1.001, "-1...1")
    case .labelMap: integers(port.name, below: port["classes"], map: port)
    case .instanceMap: integers(port.name, below: nil, map: port)
    case .mask, .edges: whole(port, 1, in: 0...1, "0...1")
    case .classPlanes: whole(port, port["classes"], in: 0...1, "0...1")
    case .poseMaps: whole(port, port["classes"], in: 0...1, "0...1")
    case .partMasks: whole(port, port["parts"], in: 0...1, "0...1")
    case .classLabel: integers(port.name, below: port["classes"])
    case .attributes: values(port.name, in: 0...1, "0 or 1")
    case .caption, .attributeList: list(port)
    case .instances: integers("\(port.name).classes", below: port["classes"])
    default: break
    }
  }

  /// A map over the image.
  private mutating func whole(
    _ port: Port, _ channels: Int?, in range: ClosedRange<Float>, _ words: String
  ) {
    shape(port, port.name, channels: channels)
    values(port.name, in: range, words)
  }

  private mutating func shape(_ port: Port, _ name: String, channels: Int?) {
    guard let field = sample[name], let height = port["height"], let width = port["width"] else {
      return
    }
    let expected = [height, width] + (channels.map { [$0] } ?? [])
    guard field.shape == expected else {
      faults.append("\(name) has shape \(field.shape), expected \(expected)")
      return
    }
  }

  private mutating func values(_ name: String, in range: ClosedRange<Float>, _ words: String) {
    guard let wrong = sample[name]?.values.first(where: { !range.contains($0) }) else { return }
    faults.append("\(name) holds \(wrong), expected \(words)")
  }

  private mutating func integers(_ name: String, below bound: Int?, map port: Port? = nil) {
    if let port { shape(port, name, channels: nil) }
    let isWrong = { (value: Float) in
      value < 0 || value != value.rounded() || bound.map { value >= Float($0) } ?? false
    }
    guard let wrong = sample[name]?.values.first(where: isWrong) else { return }
    faults.append(
      "\(name) holds \(wrong), expected whole numbers 0\(bound.map { "..<\($0)" } ?? "...")")
  }

  /// Tokens, as many as the length says, then padding.
  private mutating func list(_ port: Port) {
    guard let tokens = sample["\(port.name).tokens"]?.values,
      let length = sample["\(port.name).lengths"]?.values.first.map({ Int($0) })
    else {
      faults.append("\(port.name) lacks tokens or lengths")
      return
    }
    if let longest = port["maxLength"], tokens.count != longest {
      faults.append("\(port.name) has room for \(tokens.count) tokens, expected \(longest)")
    }
    guard (0...tokens.count).contains(length) else {
      faults.append("\(port.name) has length \(length), expected 0...\(tokens.count)")
      return
    }
    if length == 0, port.kind == .caption { faults.append("\(port.name) is empty") }
    integers("\(port.name).tokens", below: port["vocabulary"])
    if tokens.prefix(length).contains(0) {
      faults.append("\(port.name) has padding among its \(length) tokens")
    }
    if tokens.dropFirst(length).contains(where: { $0 != 0 }) {
      faults.append("\(port.name) goes on after its \(length) tokens")
    }
  }
}
