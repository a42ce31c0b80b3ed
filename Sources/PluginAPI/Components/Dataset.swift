/// A source of samples: named, typed fields, one item at a time.
///
/// The host shuffles, batches and prefetches; a dataset only knows items. All of it runs on
/// background threads, so it makes ``Field``s, not tensors.
public protocol Dataset: Component, Sendable {
  /// The number of samples of a split.
  ///
  /// - Throws: an error naming the file or folder that is absent or unreadable.
  func count(of split: Split) throws -> Int

  /// One sample, with a field for every provided port.
  ///
  /// Called from several threads at once.
  /// - Parameters:
  ///   - index: `0..<count(of: split)`.
  ///   - split: the split.
  ///   - random: for augmentation, different for each visit; unused, the sample is always the same.
  /// - Returns: a field for every provided port.
  /// - Throws: an error naming the file that cannot be read.
  func sample(_ index: Int, of split: Split, using random: inout RandomStream) throws -> Sample

  /// Looks closer at a sample's files than training has time for; `workbench doctor` asks.
  ///
  /// That the sample can be read and has the sizes and ranges of its ports is checked elsewhere.
  /// - Throws: an error naming the file whose contents are not what they should be.
  func check(_ index: Int, of split: Split) throws

  /// The order in which a batch's samples stand, for instance by caption length. As drawn by default.
  func ordered(_ batch: [Sample]) -> [Sample]

  /// Names and colours of the classes of its label maps, for pictures; `nil` where it has none.
  var palette: Palette? { get }
}

extension Dataset {
  /// Finds nothing.
  public func check(_ index: Int, of split: Split) {}
  /// The batch as it was drawn.
  public func ordered(_ batch: [Sample]) -> [Sample] { batch }
  /// None.
  public var palette: Palette? { nil }
}

/// The parts of a dataset.
public enum Split: String, Sendable, CaseIterable, HyperparameterValue {
  /// What networks learn from.
  case train
  /// What samples and metrics are made from.
  case validation
}
