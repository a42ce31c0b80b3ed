/// A tensor of a weights file: where its numbers lie and how they are read.
public struct StoredTensor {
  /// Its name.
  public let name: String
  /// The numbers that it sees a part of.
  let block: NumberBlock
  let layout: StridedLayout

  /// Its sizes.
  public var shape: [Int] { layout.shape }
  /// The format of its numbers.
  public var type: Safetensors.NumberType { block.type }
  /// The number of its values.
  public var count: Int { layout.count }

  /// The tensor with the axes of our kernels, where it is one of Keras's under that published name.
  func asOurs(_ published: String) -> StoredTensor {
    guard let order = KerasKernel.order(published, rank: shape.count) else { return self }
    return StoredTensor(name: name, block: block, layout: layout.permuted(order))
  }
}

/// Tensors that belong together: one state dict of a file.
public struct TensorGroup {
  /// The keys that lead to it within the file, with dots; empty for the outermost level.
  public let key: String
  /// Its tensors, in the order of the file.
  public let tensors: [StoredTensor]
  private let byName: [String: Int]

  /// Groups tensors; of two with one name the later counts, as in Python.
  init(_ key: String, _ tensors: [StoredTensor]) {
    var last: [String: Int] = [:]
    for (index, tensor) in tensors.enumerated() { last[tensor.name] = index }
    let kept = tensors.enumerated().filter { last[$0.element.name] == $0.offset }.map(\.element)
    self.key = key
    self.tensors = kept
    byName = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1.name, $0) })
  }

  /// The tensor of a name; nil when there is none.
  public subscript(name: String) -> StoredTensor? { byName[name].map { tensors[$0] } }
}
