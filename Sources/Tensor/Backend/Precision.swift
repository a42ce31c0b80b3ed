internal import COneDNN

/// The numbers that convolutions multiply; everything else is computed in 32-bit floats.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floats.
  case single
  /// Numbers rounded to 8 bits of mantissa, summed up in 32-bit floats, where that is faster.
  ///
  /// Weights, gradients and images stay 32-bit floats in memory. It gains most where convolutions are strided, 1×1 or in narrow groups;
  /// those of few multiplications by Winograd's method stay in single precision, which is as fast.
  case bfloat16
}

extension Compute {
  /// The numbers that convolutions multiply; single precision unless set.
  ///
  /// Without effect on a processor that does not multiply such numbers, see ``multipliesBFloat16``.
  public static var precision: Precision {
    get { ConvolutionPrecision.current }
    set { ConvolutionPrecision.current = newValue }
  }

  /// Whether this processor multiplies bfloat16 numbers faster than 32-bit floats: AVX512-BF16 or AMX.
  public static var multipliesBFloat16: Bool { ConvolutionPrecision.isAvailable }
}

/// What ``Compute/precision`` says. Belongs to the compute thread.
enum ConvolutionPrecision {
  nonisolated(unsafe) static var current = Precision.single

  static let isAvailable = DNNL.has(dnnl_cpu_isa_avx512_core_bf16)
}
