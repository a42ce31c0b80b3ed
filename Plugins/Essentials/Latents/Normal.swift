import PluginAPI

/// Standard normal noise, as a vector or a map.
///
/// The sizes are those its consumer asks for: `[N, size]`, or `[N, height, width, channels]` where
/// the generator wants a map. `size` in the experiment file is needed only where the generator
/// takes a vector of any length. The draw is named `z`.
struct Normal: Latent {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter("Length of z; by default what the generator asks for.", in: 1...65_536)
    var size: Int? = nil
  }

  static func provides(_ hyperparameters: Hyperparameters, in context: PortContext) -> [Port] {
    [.latent("z", size: hyperparameters.size)]
  }

  private let sizes: [Int]

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) throws {
    let port = context.provided["z"]
    if let height = port?["height"], let width = port?["width"], let channels = port?["channels"] {
      sizes = [height, width, channels]
    } else if let size = hyperparameters.size ?? port?["size"] {
      sizes = [size]
    } else {
      throw ConfigurationError(
        "nothing says how long z is: give \"size\" in the settings of the latent")
    }
  }

  func callAsFunction(_ count: Int, _ inputs: Values, in context: CallContext) -> Values {
    ["z": context.normal("z", [count] + sizes)]
  }
}
