import PluginAPI

/// The non-saturating game, with verdicts divided by a temperature first.
///
///     D = mean softplus(−D(x)/τ) + mean softplus(D(G(z))/τ)
///     G = mean softplus(−D(G(z))/τ)
///
/// A `LogitLoss` sees one verdict map at a time; several scales or views are averaged.
struct SoftLoss: LogitLoss {
  struct Hyperparameters: HyperparameterSet {
    @Hyperparameter(
      "Temperature τ; the higher, the later a verdict counts as certain.", in: 0.01...100)
    var temperature: Float = 1
  }

  private let temperature: Float

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    temperature = hyperparameters.temperature
  }

  func discriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
    (-real / temperature).softplus().mean() + (fake / temperature).softplus().mean()
  }

  func generatorLoss(fake: Tensor) -> Tensor { (-fake / temperature).softplus().mean() }
}
