/// Splits `count` independent rows into one contiguous range per thread.
///
/// `work` is the number of elementary steps in all; little work stays on the calling thread.
func parallelRows(_ count: Int, work: Int, _ body: (_ rows: Range<Int>) -> Void) {
  let parts = work < 32768 ? 1 : min(count, Compute.threads)
  if parts <= 1 {
    if count > 0 { body(0..<count) }
    return
  }
  parallel(parts) { part in
    body((part * count / parts)..<((part + 1) * count / parts))
  }
}
