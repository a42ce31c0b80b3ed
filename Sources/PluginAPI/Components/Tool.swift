/// Something one does with a trained model: a figure, an edit, a film.
///
/// Its arguments are its hyperparameters. Files are arguments too: their paths are settings, and
/// ``TrainedModel/fields(_:from:)`` reads them. The host runs it and writes what it returns:
///
///     workbench tool my-plugin/my-tool runs/my-run-1 --labels map.png -o figure.png
public protocol Tool: Component {
  /// Does it.
  ///
  /// - Throws: ``ConfigurationError`` or `ImageError` for a wrong argument or file.
  func callAsFunction(_ model: any TrainedModel) throws -> Picture
}

/// What a tool makes.
public enum Picture: Sendable, Hashable {
  /// One image.
  case still(Image)
  /// Images of one size that follow one another.
  case film([Image], secondsPerFrame: Double)
}
