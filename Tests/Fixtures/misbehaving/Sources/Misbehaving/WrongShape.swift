import PluginAPI

/// Makes images of half the width that it declares.
struct WrongShape: Generator {
  private let project: Linear
  private let size: Size2

  static func consumes(_ hyperparameters: NoHyperparameters, in context: PortContext) -> [Port] {
    [.latent("z", size: 4)]
  }

  static func provides(
    _ hyperparameters: NoHyperparameters, in context: PortContext
  ) throws -> [Port] {
    let size = try context.imageSize()
    return [.image("image", height: size.height, width: size.width, role: .generated)]
  }

  init(_ hyperparameters: NoHyperparameters, in context: BuildContext) throws {
    size = try context.imageSize()
    project = Linear(4, size.height * size.width / 2 * 3)
  }

  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values {
    ["image": project(inputs["z"]).reshaped([-1, size.height, size.width / 2, 3]).tanh()]
  }
}
