internal import COneDNN

/// The door to oneDNN 2.6: one CPU engine, one in-order stream, and memory for scratch.
///
/// All tensor work runs on one compute thread, which is therefore the only one that may touch this
/// object and the caches built on it. Nothing above `Backend/` sees a type of oneDNN.
final class DNNL {
  nonisolated(unsafe) static let shared = DNNL()

  let engine: dnnl_engine_t
  let stream: dnnl_stream_t
  /// Working memory of whichever primitive is running; the largest request decides its size.
  let scratch = ScratchBuffer()

  private init() {
    // The library takes working memory for products from the system and gives it back each time; letting
    // the allocator keep it spares the page faults.
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 256 << 20)
    var engine: dnnl_engine_t?
    var stream: dnnl_stream_t?
    dnnlCheck(dnnl_engine_create(&engine, dnnl_cpu, 0), "oneDNN", "creating the CPU engine")
    dnnlCheck(
      dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue),
      "oneDNN", "creating the stream")
    guard let engine, let stream else { preconditionFailure("[oneDNN] no CPU engine") }
    self.engine = engine
    self.stream = stream
  }
}

extension DNNL {
  /// Whether kernels may use an instruction set; oneDNN counts them by bits, of which a larger one has all of a smaller.
  static func has(_ set: dnnl_cpu_isa_t) -> Bool {
    dnnl_get_effective_cpu_isa().rawValue & set.rawValue == set.rawValue
  }
}

/// Stops with `[op] … failed` unless `status` reports success.
@inline(__always)
func dnnlCheck(
  _ status: dnnl_status_t, _ operation: @autoclosure () -> String,
  _ what: @autoclosure () -> String
) {
  precondition(
    status == dnnl_success,
    "[\(operation())] oneDNN status \(status.rawValue) while \(what())")
}

/// A block of memory that grows to the largest request and is kept for the next.
///
/// Its contents are valid until the next request.
final class ScratchBuffer {
  private var memory: Storage?

  func reserve(floats: Int) -> UnsafeMutablePointer<Float> {
    if let memory, floats <= memory.count { return memory.pointer }
    memory = nil  // back to the pool before the larger one is taken
    let fresh = Storage(count: floats)
    memory = fresh
    return fresh.pointer
  }

  func reserve(bytes: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(reserve(floats: (bytes + 3) / 4))
  }
}

/// A memory layout: a descriptor with a comparison.
struct DNNLLayout {
  var descriptor: dnnl_memory_desc_t

  init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

  /// A plain or `any` layout, of 32-bit floats if nothing else is said.
  init(_ sizes: [Int], _ tag: dnnl_format_tag_t, _ type: dnnl_data_type_t = dnnl_f32) {
    var descriptor = dnnl_memory_desc_t()
    dnnlCheck(
      dnnl_memory_desc_init_by_tag(
        &descriptor, Int32(sizes.count), sizes.map { Int64($0) }, type, tag),
      "oneDNN", "describing memory of sizes \(sizes)")
    self.descriptor = descriptor
  }

  /// 32-bit floats at these distances from each other, as part of something larger.
  init(_ sizes: [Int], strides: [Int]) {
    var descriptor = dnnl_memory_desc_t()
    dnnlCheck(
      dnnl_memory_desc_init_by_strides(
        &descriptor, Int32(sizes.count), sizes.map { Int64($0) }, dnnl_f32,
        strides.map { Int64($0) }),
      "oneDNN", "describing memory of sizes \(sizes), strides \(strides)")
    self.descriptor = descriptor
  }

  var bytes: Int {
    withUnsafePointer(to: descriptor) { Int(dnnl_memory_desc_get_size($0)) }
  }

  func isEqual(to other: DNNLLayout) -> Bool {
    withUnsafePointer(to: descriptor) { a in
      withUnsafePointer(to: other.descriptor) { b in dnnl_memory_desc_equal(a, b) != 0 }
    }
  }
}
