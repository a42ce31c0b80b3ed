import Dispatch
import Foundation
import PluginAPI

/// Shuffles a split, makes batches of it on a background thread, and hands them over in order.
///
/// Batch `n` depends only on the seed and `n`: the order of an epoch is a permutation keyed by the
/// epoch, a sample's augmentation a stream keyed by its place in the run. Nothing has to be saved
/// to go on where a run stopped.
final class BatchLoader: @unchecked Sendable {
  /// Samples of a batch.
  let batchSize: Int
  /// Batches of an epoch; an incomplete last one is dropped.
  let batchesPerEpoch: Int

  /// Seconds spent waiting for batches and taking them in.
  private(set) var secondsWaited = 0.0

  private let dataset: any Dataset
  private let split: Split
  private let count: Int
  private let seed: UInt64
  /// How many batches are made ahead; two hide the time a batch takes behind one step.
  private let ahead = 2
  // One thread, so that loading never takes more than one core from the compute pool.
  private let queue = DispatchQueue(label: "workbench.batches", qos: .utility)
  private let lock = NSCondition()
  private var made: [Int: Result<[String: Field], any Error>] = [:]
  private var requested: Set<Int> = []
  private var order: (epoch: Int, indices: [Int])?

  /// Prepares to read a split.
  ///
  /// - Throws: the dataset's error, or a `ConfigurationError` for a split smaller than a batch.
  init(_ dataset: any Dataset, split: Split, batchSize: Int, seed: UInt64) throws {
    self.dataset = dataset
    self.split = split
    self.batchSize = batchSize
    self.seed = seed
    count = try dataset.count(of: split)
    batchesPerEpoch = count / batchSize
    guard batchesPerEpoch > 0 else {
      throw ConfigurationError(
        "the \(split.rawValue) split has \(count) samples, fewer than training.batchSize "
          + "\(batchSize); choose a smaller batch")
    }
  }

  /// Batch number `number` of the run, counted from 0, as tensors.
  ///
  /// - Throws: the dataset's error about a sample.
  func batch(_ number: Int) throws -> Values {
    let start = ContinuousClock().now
    defer { secondsWaited += Reporter.seconds(ContinuousClock().now - start) }
    request(number)
    lock.lock()
    while made[number] == nil { lock.wait() }
    let result = made.removeValue(forKey: number)
    requested.remove(number)
    lock.unlock()
    for next in number + 1...number + ahead { request(next) }
    guard let fields = try result?.get() else {
      preconditionFailure("[BatchLoader] batch \(number) was taken twice")
    }
    return Values(fields.mapValues { Tensor($0.values, $0.shape) })
  }

  /// How many batches are made or being made.
  var waiting: Int {
    lock.lock()
    defer { lock.unlock() }
    return requested.count
  }

  /// Lets go of batches below `number` that were made ahead and nobody took.
  func discard(below number: Int) {
    lock.lock()
    requested = requested.filter { $0 >= number }
    made = made.filter { $0.key >= number }
    lock.unlock()
  }

  private func request(_ number: Int) {
    lock.lock()
    let isNew = requested.insert(number).inserted
    lock.unlock()
    guard isNew else { return }
    queue.async { [self] in
      let result = Result { try make(number) }
      lock.lock()
      if requested.contains(number) { made[number] = result }
      lock.broadcast()
      lock.unlock()
    }
  }

  private func make(_ number: Int) throws -> [String: Field] {
    let epoch = number / batchesPerEpoch
    let indices = permutation(of: epoch)
    let first = number % batchesPerEpoch * batchSize
    var samples: [Sample] = []
    for place in first..<first + batchSize {
      var random = RandomStream(
        seed: seed, stream: "augmentation", step: epoch * count + place)
      samples.append(try dataset.sample(indices[place], of: split, using: &random))
    }
    return try BatchLoader.stacked(dataset.ordered(samples))
  }

  private func permutation(of epoch: Int) -> [Int] {
    if let order, order.epoch == epoch { return order.indices }
    // The epoch goes through the mixer: states that differ by multiples of its increment would give
    // neighbouring epochs the same numbers, one place apart.
    var mixer = SplitMix(seed: UInt64(epoch))
    var generator = SplitMix(seed: seed ^ mixer.next())
    let indices = (0..<count).shuffled(using: &generator)
    order = (epoch, indices)
    return indices
  }

  /// Puts samples side by side; every field gets a batch dimension in front.
  ///
  /// - Throws: a `ConfigurationError` when samples disagree about a field.
  static func stacked(_ samples: [Sample]) throws -> [String: Field] {
    guard let first = samples.first else { return [:] }
    var result: [String: Field] = [:]
    for (name, field) in first {
      var values: [Float] = []
      values.reserveCapacity(field.values.count * samples.count)
      for sample in samples {
        guard let other = sample[name], other.shape == field.shape else {
          throw ConfigurationError(
            "samples of one batch disagree: \(name) is \(field.shape) in one and "
              + "\(sample[name].map { "\($0.shape)" } ?? "absent") in another")
        }
        values += other.values
      }
      result[name] = Field(values, shape: [samples.count] + field.shape)
    }
    return result
  }
}

/// A small generator for permutations (Steele, Lea and Flood 2014), stable across Swift versions.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
