extension Tensor {
  /// Replaces tensors by what is made of them, in the memory they have where nobody else holds them.
  ///
  /// An update of weights and moments needs no memory of its own then, and reads and writes each number in one
  /// place. What others still hold, such as a derivative that is not finished, keeps its numbers.
  ///
  /// - Parameters:
  ///   - tensors: the old ones, and afterwards the new ones, computed. Held by nobody else if their memory is to
  ///     serve again.
  ///   - successors: writes the new tensors down in terms of the old ones, without computing them. It keeps neither
  ///     the old ones nor anything pending that reads them; that is checked.
  public static func replace(
    _ tensors: inout [Tensor], by successors: (_ old: [Tensor]) -> [Tensor]
  ) {
    let sole = tensors.indices.filter { tensors[$0].isOnlyHolder() }
    let results = successors(tensors)
    Evaluation.run(results.map(\.value), over: sole.map { tensors[$0].value })
    for index in sole where tensors[index].value.storage == nil {
      precondition(
        isKnownUniquelyReferenced(&tensors[index].value),
        "[replace] a tensor of shape \(tensors[index].shape) that was replaced is still read; keep what is "
          + "needed later in the state")
    }
    tensors = results
  }

  /// Whether this tensor alone holds its numbers, and they are in memory.
  private mutating func isOnlyHolder() -> Bool {
    isKnownUniquelyReferenced(&value) && value.isOnlyHolder()
  }
}
