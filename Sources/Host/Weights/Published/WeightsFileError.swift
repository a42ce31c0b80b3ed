/// A weights file that cannot be read, with where, what was found, and the cure.
public enum WeightsFileError: Error, Sendable, Equatable {
  /// The bytes are not what the format says, at a place such as `archive/data.pkl, byte 12`.
  case damaged(path: String, place: String, reason: String)
  /// The pickled objects ask for a function or class that is not on the list.
  case forbidden(path: String, place: String, name: String)
  /// Sound, but nothing that is read here.
  case unsupported(path: String, reason: String, cure: String)
  /// A number that no `Float` holds, or no truth value.
  case number(path: String, tensor: String, NumberBlock.Fault)
  /// Several groups of tensors fit equally well.
  case ambiguous(path: String, keys: [String])
  /// There is no group of tensors under this key.
  case noEntry(path: String, key: String, known: [String])
}

extension WeightsFileError: CustomStringConvertible {
  private static let again = "the file is damaged or incomplete; copy or download it again"

  /// The file, what is wrong with it, and the cure.
  public var description: String {
    switch self {
    case .damaged(let path, let place, let reason):
      return "\(path): \(place): \(reason); \(WeightsFileError.again)"
    case .forbidden(let path, let place, let name):
      return "\(path): \(place): the pickled objects ask for \(name), which is refused; nothing of "
        + "the file was run. Read are tensors, parameters, and plain containers of these; where "
        + "you trust the file, load it with PyTorch and save its state dict alone"
    case .unsupported(let path, let reason, let cure):
      return "\(path): \(reason); \(cure)"
    case .number(let path, let tensor, .inexact(let value, let index)):
      return "\(path): tensor \(tensor): number \(index) is \(value), which Float32 cannot hold "
        + "exactly; this is no weight: check the file"
    case .number(let path, let tensor, .notBool(let found, let index)):
      return "\(path): tensor \(tensor): number \(index) is \(found), expected 0 or 1; "
        + WeightsFileError.again
    case .ambiguous(let path, let keys):
      return "\(path): the weights under \(keys.joined(separator: " and ")) fit equally well; "
        + "choose with `workbench weights import --entry \(keys[0])`"
    case .noEntry(let path, let key, let known):
      let there = known.map { $0.isEmpty ? "its outermost level" : $0 }.joined(separator: ", ")
      return "\(path): there are no tensors under \(key); they are under \(there)"
    }
  }
}
