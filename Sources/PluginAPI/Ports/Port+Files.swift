import Foundation

extension TrainedModel {
  /// Reads the values of some ports from picture files, a batch of one.
  ///
  /// - Parameters:
  ///   - ports: which, such as ``conditions``; one that is optional may be without a file.
  ///   - files: paths by the ports' names.
  /// - Returns: a value for each port.
  /// - Throws: `ImageError` or ``ConfigurationError``, which names the file or the port without one.
  public func fields(_ ports: [Port], from files: [String: String]) throws -> Values {
    var values = Values()
    for port in ports {
      guard let file = files[port.name], !file.isEmpty else {
        if port.isOptional { continue }
        throw ConfigurationError(
          "\(name) reads \(port.name), \(port), and no file is given for it")
      }
      values[port.name] = try port.value(of: file)
    }
    return values
  }
}

extension Port {
  /// Reads a picture file as a value of the port, a batch of one: images as they are, label and
  /// instance maps with the exact values of a grey or palette PNG, masks and edges as 1 where the
  /// file is not 0.
  ///
  /// - Throws: `ImageError` where the file cannot be read, ``ConfigurationError`` where it has another
  ///   size or a label beyond the classes, or where files hold no such port.
  public func value(of file: String) throws -> Tensor {
    let url = URL(fileURLWithPath: file)
    switch kind {
    case .image:
      let image = try Image(contentsOf: url, channels: self["channels"] ?? 3)
      try check(file, image.height, image.width)
      return Tensor([image])
    case .labelMap, .instanceMap:
      let map = try LabelImage(contentsOf: url)
      try check(file, map.height, map.width)
      if let classes = self["classes"], Int(map.greatest) >= classes {
        throw ConfigurationError(
          "\(file): found the label \(map.greatest), expected labels below \(classes), the classes "
            + "of \(name). Take a label map of the dataset that the model was trained on.")
      }
      return Tensor([map])
    case .mask, .edges:
      let map = try LabelImage(contentsOf: url)
      try check(file, map.height, map.width)
      return (Tensor([map]) .> 0).expandedDims(3)
    default:
      throw ConfigurationError(
        "\(file): \(name) is \(kind.rawValue), which is not read from a picture")
    }
  }

  private func check(_ file: String, _ height: Int, _ width: Int) throws {
    guard height == self["height"] ?? height, width == self["width"] ?? width else {
      throw ConfigurationError(
        "\(file): found \(width)×\(height) pixels, expected \(self["width"] ?? width)×"
          + "\(self["height"] ?? height) for \(name). Scale "
          + (kind == .image ? "it" : "it by nearest neighbour") + " to that size first.")
    }
  }
}
