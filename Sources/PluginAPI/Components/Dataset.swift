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

  /// The order in which a batch's samples stand, for instance by caption length. As drawn by default.
  func ordered(_ batch: [Sample]) -> [Sample]

  /// The colour of each class of its label maps, for pictures; 0...255 red, green, blue.
  var palette: [String: [UInt8]] { get }

  /// The names of its classes, in order; empty where it has none.
  var classNames: [String] { get }
}

extension Dataset {
  /// The batch as drawn.
  public func ordered(_ batch: [Sample]) -> [Sample] { batch }
  /// No colours.
  public var palette: [String: [UInt8]] { [:] }
  /// No names.
  public var classNames: [String] { [] }
}

/// The parts of a dataset.
public enum Split: String, Sendable, CaseIterable, HyperparameterValue {
  /// What networks learn from.
  case train
  /// What samples and metrics are made from.
  case validation
}
