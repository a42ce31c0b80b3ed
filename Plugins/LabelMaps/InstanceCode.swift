import PluginAPI

/// Where instances come from.
enum InstanceSource: String, CaseIterable, HyperparameterValue {
  /// The data set's instance maps.
  case files
  /// Connected regions of one class.
  case regions
  /// None are provided.
  case none
}

/// How a reader comes by instances.
enum InstanceReading: Sendable {
  case files(InstanceCode)
  case regions
  case none

  /// The one a setting asks for, `code` being what files mean.
  init(_ source: InstanceSource, _ code: InstanceCode) {
    self =
      switch source {
      case .files: .files(code)
      case .regions: .regions
      case .none: .none
      }
  }
}

/// What the numbers in a data set's instance files mean.
///
/// Pixels of one number are one instance: a thing that can be counted, or all there is of a class
/// that cannot.
struct InstanceCode: Sendable {
  /// The number of pixels that belong to no instance.
  let none: UInt16?
  /// What a pixel's number says of its label, for messages.
  let expected: String
  /// Whether a pixel's number fits its label.
  let fits: @Sendable (_ number: UInt16, _ label: UInt16) -> Bool

  /// Looks at a whole map beside its labels.
  ///
  /// - Throws: `DataError` where more than one pixel in a hundred does not fit.
  func check(_ numbers: LabelImage, against labels: LabelImage, at path: String) throws {
    let pairs = zip(numbers.labels, labels.labels)
    guard let (number, label) = pairs.first(where: { !fits($0, $1) }) else { return }
    let count = pairs.reduce(0) { $0 + (fits($1.0, $1.1) ? 0 : 1) }
    guard count * 100 > labels.labels.count else { return }
    throw DataError(
      path,
      found: "\(count * 100 / labels.labels.count) % of the pixels beside another label, the first "
        + "\(number) beside \(label)",
      expected: expected,
      cure: "Is it the map of another photograph, or was it saved with 8 bits?")
  }
}
