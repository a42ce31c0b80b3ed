import Foundation
import PluginAPI

/// State that is not the component's is refused: tensors that are missing, surplus or mis-shaped.
enum GarbageRefused: Check {
  static let name = "garbage"
  static let sentence = "State that lacks a tensor, or has one of another shape, is refused."
  static let mayStop = true

  static func applies(to kind: ComponentKind) -> Bool {
    CheckpointRoundTrip.applies(to: kind) && ![.adversarialLoss, .regularizer].contains(kind)
  }

  static func run(_ subject: Subject, probe: String?) throws -> CheckAnswer {
    let piece = try subject.smallest()
    if let optimizer = piece.workpiece.component as? any Optimizer {
      return try ask(optimizer, piece, probe)
    }
    piece.initialize()
    let shapes = piece.state.mapValues(\.shape)
    guard !shapes.isEmpty else { return .skipped("it has no weights") }
    let other = try subject.smallest()
    other.initialize()
    guard other.state.mapValues(\.shape) == shapes else {
      return .failed("two instances with the same settings have other weights, or other shapes")
    }
    if let importable = piece.workpiece.component as? any Importable {
      try checkNames(importable.publishedNames, Set(shapes.keys))
      try checkImport(importable.publishedNames, piece.state)
    }
    return .passed
  }

  /// A step from garbage must stop.
  private static func ask(
    _ optimizer: any Optimizer, _ piece: Piece, _ probe: String?
  ) throws -> CheckAnswer {
    let parameter = try piece.inputs()["parameter"]
    var state = optimizer.initialState(for: parameter)
    guard !state.isEmpty else { return .skipped("it has no state under its default settings") }
    guard let probe else { return .probes(["misshaped", "missing"]) }
    let gradient = try piece.inputs()["gradient.0"]
    state = probe == "missing" ? [:] : state.mapValues { _ in .zeros([2, 7]) }
    CheckAnswer.announce()
    let result = optimizer.step(
      parameter, gradient: gradient, state: &state, learningRate: 0.1, count: 2)
    _ = result.evaluated()
    return .failed("a step from a state with \(probe) tensors was taken as if nothing were wrong")
  }

  /// Every weight must come out of a published file, each from a tensor of its own.
  private static func checkNames(_ published: [String: String], _ own: Set<String>) throws {
    if let lost = own.subtracting(published.keys).sorted().first {
      throw CheckFailure(
        "publishedNames does not mention \(lost), so a published file would leave it as it is drawn"
      )
    }
    if let unknown = Set(published.keys).subtracting(own).sorted().first {
      throw CheckFailure("publishedNames mentions \(unknown), which is no weight")
    }
    let twice = Dictionary(grouping: published, by: \.value).filter { $0.value.count > 1 }
    if let (name, paths) = twice.min(by: { $0.key < $1.key }) {
      throw CheckFailure(
        "publishedNames gives \(paths.map(\.key).sorted().joined(separator: " and ")) one name, "
          + name)
    }
  }

  /// A published file without one tensor, and with one of another shape, must be refused.
  private static func checkImport(_ published: [String: String], _ state: [String: Tensor]) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = Dictionary(
      state.map { (published[$0.key] ?? $0.key, $0.value) }
    ) { first, _ in first }
    guard let name = file.keys.sorted().first else { return }
    for garbage in [nil, Tensor.zeros([1, 2, 3, 5, 7])] {
      var wrong = file
      wrong[name] = garbage
      try SafetensorsWriter.write(wrong, metadata: [:], to: path)
      let read = try? WeightNames(published)
        .read(WeightsFile(path), shapes: state.mapValues(\.shape))
      guard read == nil else {
        throw CheckFailure(
          "a published file \(garbage == nil ? "without" : "with a misshaped") \(name) was read")
      }
    }
  }
}
