import PluginAPI

/// Persons in shop photographs, each in several poses (CVPR 2016), with key points.
///
/// `fasion-dataset/{train,test}/`, `fasion-annotation-{train,test}.csv` and, if they are there,
/// `fasion-pairs-{train,test}.csv`, spelt as arXiv:1801.00055's code does.
struct DeepFashionPairs: PosePairs {
  struct Hyperparameters: PosePairSettings {
    @Hyperparameter("Folder with fasion-dataset/ and the tables beside it.")
    var folder = "data/fasion"
    @Hyperparameter("Height of the images in pixels.", in: 16...1024)
    var height = 256
    @Hyperparameter("Width of the images in pixels.", in: 16...1024)
    var width = 256
    @Hyperparameter(
      "Pairs drawn for validation where there is no table of them.", in: 1...10_000_000)
    var testPairs = 12_000
  }

  static let prefix = "fasion"
  let splits: [Split: Result<PersonPairs, any Error>]
  let size: (height: Int, width: Int)

  init(_ hyperparameters: Hyperparameters, in context: BuildContext) {
    splits = DeepFashionPairs.splits(hyperparameters)
    size = (hyperparameters.height, hyperparameters.width)
  }
}
