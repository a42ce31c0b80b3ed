@_exported import Tensor
// Stand-ins until the layers land; the commit that brings Module and CallContext deletes this file.
/// A network whose parameters and buffers are found by reflection.
public protocol Module {}
/// How a network is being called.
public final class CallContext {}
/// A source of random numbers.
public struct RandomStream: Sendable {}
