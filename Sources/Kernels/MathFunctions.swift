// Elementary functions without branches or calls, so that a loop over them becomes vector code.
// Polynomials after the Cephes library (exp, log, sin, cos) and the rational tanh of Eigen; each is within a
// few units in the last place of the correctly rounded result, see the tests.

internal import CIntrinsics
import Glibc

@inline(__always) func kernelSqrt(_ v: Float) -> Float { intrinsic_sqrt(v) }

@inline(__always) func kernelExp(_ v: Float) -> Float {
  let low: Float = v < -104 ? -104 : v
  let x: Float = low > 89 ? 89 : low
  let magic: Float = 12_582_912  // 1.5 · 2^23: adding it rounds to an integer
  let shifted = magic.addingProduct(x, 1.442695040888963)
  let n = shifted - magic
  let exponent = Int32(bitPattern: shifted.bitPattern) &- Int32(bitPattern: magic.bitPattern)
  var r = x.addingProduct(n, -0.693359375)
  r = r.addingProduct(n, 2.12194440e-4)
  var p: Float = 1.9875691500e-4
  p = Float(1.3981999507e-3).addingProduct(p, r)
  p = Float(8.3334519073e-3).addingProduct(p, r)
  p = Float(4.1665795894e-2).addingProduct(p, r)
  p = Float(1.6666665459e-1).addingProduct(p, r)
  p = Float(5.0000001201e-1).addingProduct(p, r)
  p = (r + 1).addingProduct(p, r * r)
  // 2^exponent in two factors, so that results down to the denormal numbers come out.
  let half = exponent &>> 1
  let first = Float(bitPattern: UInt32(bitPattern: (half &+ 127) &<< 23))
  let second = Float(bitPattern: UInt32(bitPattern: (exponent &- half &+ 127) &<< 23))
  return p * first * second
}

@inline(__always) func kernelLog(_ v: Float) -> Float {
  let isTiny = v < Float.leastNormalMagnitude
  let x = isTiny ? v * 8_388_608 : v
  let bits = Int32(bitPattern: x.bitPattern)
  // m in [√½, √2)
  let reduced = bits &- 0x3f35_04f3
  let exponent = reduced &>> 23
  let m = Float(bitPattern: UInt32(bitPattern: (reduced & 0x007f_ffff) &+ 0x3f35_04f3))
  let e = Float(exponent) - (isTiny ? 23 : 0)
  let f = m - 1
  let z = f * f
  var p: Float = 7.0376836292e-2
  p = Float(-1.1514610310e-1).addingProduct(p, f)
  p = Float(1.1676998740e-1).addingProduct(p, f)
  p = Float(-1.2420140846e-1).addingProduct(p, f)
  p = Float(1.4249322787e-1).addingProduct(p, f)
  p = Float(-1.6668057665e-1).addingProduct(p, f)
  p = Float(2.0000714765e-1).addingProduct(p, f)
  p = Float(-2.4999993993e-1).addingProduct(p, f)
  p = Float(3.3333331174e-1).addingProduct(p, f)
  var y = p * f * z
  y = y.addingProduct(e, -2.12194440e-4)
  y = y.addingProduct(z, -0.5)
  let result = (f + y).addingProduct(e, 0.693359375)
  let finite = v < .infinity ? result : v  // infinity and not-a-number pass
  let positive = v == 0 ? -Float.infinity : finite
  return v < 0 ? .nan : positive
}

@inline(__always) func kernelTanh(_ v: Float) -> Float {
  let low: Float = v < -7.90531110763549805 ? -7.90531110763549805 : v
  let x: Float = low > 7.90531110763549805 ? 7.90531110763549805 : low
  let z = x * x
  var p: Float = -2.76076847742355e-16
  p = Float(2.00018790482477e-13).addingProduct(p, z)
  p = Float(-8.60467152213735e-11).addingProduct(p, z)
  p = Float(5.12229709037114e-08).addingProduct(p, z)
  p = Float(1.48572235717979e-05).addingProduct(p, z)
  p = Float(6.37261928875436e-04).addingProduct(p, z)
  p = Float(4.89352455891786e-03).addingProduct(p, z)
  var q: Float = 1.19825839466702e-06
  q = Float(1.18534705686654e-04).addingProduct(q, z)
  q = Float(2.26843463243900e-03).addingProduct(q, z)
  q = Float(4.89352518554385e-03).addingProduct(q, z)
  return p * x / q
}

@inline(__always) func kernelSigmoid(_ v: Float) -> Float { 1 / (1 + kernelExp(-v)) }

/// log(1 + exp(v)), accurate in the far negative too.
@inline(__always) func kernelSoftplus(_ v: Float) -> Float {
  let magnitude = v < 0 ? -v : v
  let e = kernelExp(-magnitude)
  let u = 1 + e
  let d = u - 1
  let ratio = kernelLog(u) * e / (d == 0 ? 1 : d)
  let tail = d == 0 ? e : ratio
  return (v > 0 ? v : 0) + tail
}

/// Sine of v (or of v + π/2), by reduction to ±π/4.
@inline(__always) func kernelSine(_ v: Float, quarterTurns: Int32) -> Float {
  let magic: Float = 12_582_912
  let shifted = magic.addingProduct(v, 0.636619772367581)
  let n = shifted - magic
  let turn = Int32(bitPattern: shifted.bitPattern) &- Int32(bitPattern: magic.bitPattern)
  let quadrant = turn &+ quarterTurns
  var r = v.addingProduct(n, -1.5703125)
  r = r.addingProduct(n, -4.837512969970703125e-4)
  r = r.addingProduct(n, -7.54978995489188e-8)
  let z = r * r
  var s: Float = -1.9515295891e-4
  s = Float(8.3321608736e-3).addingProduct(s, z)
  s = Float(-1.6666654611e-1).addingProduct(s, z)
  let sine = r.addingProduct(s * z, r)
  var c: Float = 2.443315711809948e-5
  c = Float(-1.388731625493765e-3).addingProduct(c, z)
  c = Float(4.166664568298827e-2).addingProduct(c, z)
  let cosine = Float(1).addingProduct(z, -0.5).addingProduct(c * z, z)
  let value = quadrant & 1 == 0 ? sine : cosine
  return quadrant & 2 == 0 ? value : -value
}

@inline(__always) func kernelSign(_ v: Float) -> Float { v > 0 ? 1 : (v < 0 ? -1 : 0) }

/// a^b as the C library computes it; not vector code, and rare.
@inline(__always) func kernelPower(_ a: Float, _ b: Float) -> Float { powf(a, b) }
