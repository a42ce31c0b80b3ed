import PluginAPI

/// Persons before six cameras, each in several poses (ICCV 2015), with key points.
///
/// `market-dataset/{train,test}/`, `market-annotation-{train,test}.csv` and, if they are there,
/// `market-pairs-{train,test}.csv`, as arXiv:1801.00055 lays them out.
struct Market1501: PosePairs {
  struct Hyperparameters: PosePairSettings {
    @Hyperparameter("Folder with market-dataset/ and the tables beside it.")
    var folder = "data/market"
    @Hyperparameter("Height of the images in pixels.", in: 16...1024)
    var height = 128
    @Hyperparameter("Width of the images in pixels.", in: 16...1024)
    var width = 64
    @Hyperparameter(
      "Pairs drawn for validation where there is no table of them.", in: 1...10_000_000)
    var testPairs = 12_000
  }

  static let prefix = "market"
  let splits: [Split: Result<PersonPairs, any Error>]
  let size: (height: Int, width: Int)

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    splits = Market1501.splits(hyperparameters)
    size = (hyperparameters.height, hyperparameters.width)
  }
}
