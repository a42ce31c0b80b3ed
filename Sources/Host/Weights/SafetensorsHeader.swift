/// The checked header of a safetensors file.
struct SafetensorsHeader {
  let path: String
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [Safetensors.Entry] = []

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: the header without its length.
  ///   - path: what messages call the file.
  ///   - dataBytes: the number of bytes that follow the header.
  /// - Throws: `SafetensorsError` for the first fault.
  init(_ bytes: [UInt8], path: String, dataBytes: Int) throws(SafetensorsError) {
    self.path = path
    let source = SourceText(bytes: bytes, name: path)
    let (value, faults) = JSONParser.parse(source, dialect: .json)
    if let fault = faults.first {
      let place = fault.position.map { " at column \($0.column)" } ?? ""
      throw error(nil, .header(fault.sentence + place))
    }
    guard let members = value?.members, bytes.first == .ascii("{") else {
      throw error(nil, .header("\(value?.brief ?? "nothing") found, an object expected"))
    }
    for member in members {
      if member.key == Safetensors.metadataKey {
        metadata = try texts(member.value)
      } else {
        entries.append(try entry(member, dataBytes: dataBytes))
      }
    }
    try checkThatBytesBelongToOne(dataBytes)
  }

  private func texts(_ value: JSONValue) throws(SafetensorsError) -> [String: String] {
    var texts: [String: String] = [:]
    for member in value.members ?? [] { texts[member.key] = member.value.stringValue }
    guard let members = value.members, texts.count == members.count else {
      throw error(nil, .header("\(Safetensors.metadataKey) is not an object of texts"))
    }
    return texts
  }

  private func entry(
    _ member: JSONValue.Member, dataBytes: Int
  ) throws(SafetensorsError) -> Safetensors.Entry {
    let (name, value) = (member.key, member.value)
    guard let typeName = value["dtype"]?.stringValue else {
      throw error(name, .entry("dtype is missing"))
    }
    guard let type = Safetensors.NumberType(rawValue: typeName) else {
      throw error(name, .unknownType(found: typeName))
    }
    let shape = try sizes(value["shape"], of: name, key: "shape")
    let offsets = try sizes(value["data_offsets"], of: name, key: "data_offsets")
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw error(name, .entry("data_offsets are \(offsets), a start and an end are expected"))
    }
    let range = offsets[0]..<offsets[1]
    guard range.upperBound <= dataBytes else {
      throw error(name, .outOfData(range: range, dataBytes: dataBytes))
    }
    var bytes = type.bytes
    for size in shape {
      let (product, overflows) = bytes.multipliedReportingOverflow(by: size)
      guard !overflows else { throw error(name, .entry("shape \(shape) is too large")) }
      bytes = product
    }
    guard bytes == range.count else {
      throw error(
        name, .byteCount(shape: shape, type: type, expected: bytes, found: range.count))
    }
    return Safetensors.Entry(name: name, type: type, shape: shape, range: range)
  }

  private func sizes(
    _ value: JSONValue?, of name: String, key: String
  ) throws(SafetensorsError) -> [Int] {
    guard let values = value?.arrayValue else { throw error(name, .entry("\(key) is missing")) }
    var sizes: [Int] = []
    for value in values {
      guard let size = value.intValue, size >= 0 else {
        throw error(name, .entry("\(value.brief) in \(key) is no size"))
      }
      sizes.append(size)
    }
    return sizes
  }

  private mutating func checkThatBytesBelongToOne(_ dataBytes: Int) throws(SafetensorsError) {
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var end = 0
    var previous = ""
    for entry in entries {
      if entry.range.lowerBound < end { throw error(entry.name, .overlap(with: previous)) }
      if entry.range.lowerBound > end {
        throw error(nil, .gap(bytes: entry.range.lowerBound - end, offset: end))
      }
      end = entry.range.upperBound
      previous = entry.name
    }
    if end < dataBytes { throw error(nil, .gap(bytes: dataBytes - end, offset: end)) }
  }

  private func error(_ tensor: String?, _ problem: SafetensorsError.Problem) -> SafetensorsError {
    SafetensorsError(path: path, tensor: tensor, problem: problem)
  }
}
