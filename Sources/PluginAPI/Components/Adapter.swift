/// Makes what a consumer asks from what a provider has, where exactly one adapter fits.
public protocol Adapter: Component {
  /// The port it would make for `consumer` from `provider`, or `nil` if it cannot.
  static func adapted(_ provider: Port, for consumer: Port) -> Port?
  /// Converts the values of `provider` (under its name) to those of `result` (under its name).
  func callAsFunction(_ inputs: Values, from provider: Port, to result: Port) -> Values
}
