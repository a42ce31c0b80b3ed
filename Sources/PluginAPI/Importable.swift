/// A network that knows the names its weights have in published checkpoints.
public protocol Importable: Module {
  /// Own path → published name, for every parameter and buffer that a checkpoint holds.
  ///
  /// A name as Keras has it, `conv2d_1/kernel:0`, says that files hold the kernel with Keras's axes.
  var publishedNames: [String: String] { get }
  /// Own paths of weights of which a published file may hold the last row alone; none by default.
  ///
  /// Where an experiment names such a file, the rows before it stay as they are drawn: a head of
  /// several verdicts so begins with the one verdict of the network that was published.
  var importableByLastRow: Set<String> { get }
}

extension Importable {
  /// None.
  public var importableByLastRow: Set<String> { [] }
}
