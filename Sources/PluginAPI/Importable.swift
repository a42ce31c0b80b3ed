/// A network that knows the names its weights have in published checkpoints.
public protocol Importable: Module {
  /// Own path → published name, for every parameter and buffer that a checkpoint holds.
  ///
  /// A name as Keras has it, `conv2d_1/kernel:0`, says that files hold the kernel with Keras's axes.
  var publishedNames: [String: String] { get }
}
