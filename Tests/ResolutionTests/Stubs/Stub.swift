import PluginAPI

/// A component whose ports are true and whose work is left out: resolution reads nothing else.
protocol Stub: Component {
  init()
}

extension Stub {
  init(_ hyperparameters: Hyperparameters, in context: BuildContext) { self.init() }
}

extension Stub where Self: Dataset {
  func count(of split: Split) -> Int { 64 }
  func sample(_ index: Int, of split: Split, using random: inout RandomStream) -> Sample { [:] }
}

extension Stub where Self: Encoder {
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values { [:] }
}

extension Stub where Self: Perceptor {
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values { [:] }
}

extension Stub where Self: Latent {
  func callAsFunction(_ count: Int, _ inputs: Values, in context: CallContext) -> Values { [:] }
}

extension Stub where Self: Generator {
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Values { [:] }
}

extension Stub where Self: Discriminator {
  func features(_ inputs: Values, in context: CallContext) -> Values { [:] }
  func judge(_ features: Values, _ condition: Values, in context: CallContext) -> Values { [:] }
}

extension Stub where Self: AdversarialLoss {
  func discriminatorLoss(_ judgements: Judgements) -> Tensor { Tensor(0) }
  func generatorLoss(_ judgements: Judgements) -> Tensor { Tensor(0) }
}

extension Stub where Self: Loss {
  func callAsFunction(_ inputs: Values, in context: CallContext) -> Tensor { Tensor(0) }
}

extension Stub where Self: Regularizer {
  func callAsFunction(_ critic: Critic, _ inputs: Values, in context: CallContext) -> Tensor {
    Tensor(0)
  }
}

extension Stub where Self: Adapter {
  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values { [:] }
}

extension Stub where Self: Optimizer {
  var learningRate: Float { 1e-4 }
  func initialState(for parameter: Tensor) -> [String: Tensor] { [:] }
  func step(
    _ parameter: Tensor, gradient: Tensor, state: inout [String: Tensor], learningRate: Float,
    count: Int
  ) -> Tensor { parameter }
}
