import Tensor

// A stand-in until random streams land with Tensor; delete this file then.
/// A source of random numbers.
public struct RandomStream: Sendable {}
