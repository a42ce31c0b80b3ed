internal import Kernels

/// A pending reduction of a value seen as a space `[A, R, B]`: the axis R goes, A and B stay.
///
/// Reductions that are pending at the same time, over the same space and sharing an input, are computed in one pass;
/// `Reduction.pending` lists the candidates. One whose results nobody holds is never computed.
final class Reduction {
  /// What is reduced; let go once the results are there.
  private(set) var source: Value?
  let space: Space
  let kind: ReductionKind
  /// Factor of the sums (1/R for a mean) or of the squared distances.
  let scale: Double
  /// The component that asked for it, see `Profile`.
  let scope = Profile.scope
  /// The results in memory, `[A, B]` each; two for moments. Empty while pending.
  var results: [Storage] = []

  private var index: Int

  struct Space: Equatable {
    var a: Int
    var r: Int
    var b: Int
  }

  nonisolated(unsafe) private(set) static var pending: [Unmanaged<Reduction>] = []

  init(_ source: Value, space: Space, kind: ReductionKind, scale: Double) {
    self.source = source
    self.space = space
    self.kind = kind
    self.scale = scale
    index = Reduction.pending.count
    Reduction.pending.append(Unmanaged.passUnretained(self))
  }

  /// Takes the results and leaves the list of pending reductions.
  func settle(_ results: [Storage]) {
    self.results = results
    source = nil
    withdraw()
  }

  private func withdraw() {
    guard index >= 0 else { return }
    let last = Reduction.pending.removeLast()
    if index < Reduction.pending.count {
      Reduction.pending[index] = last
      last.takeUnretainedValue().index = index
    }
    index = -1
  }

  deinit { withdraw() }
}
