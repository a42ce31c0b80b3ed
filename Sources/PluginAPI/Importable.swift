/// A network that knows the names its weights have in published checkpoints.
public protocol Importable: Module {
  /// Own path → published name, for every parameter and buffer that a checkpoint holds.
  var publishedNames: [String: String] { get }
}
