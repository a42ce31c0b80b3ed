import Glibc

/// Memory for large tensors: one wide region of addresses, cut into blocks that grow together again when they
/// are given back.
///
/// A step needs large blocks of many sizes, few of them at the same time; were each size kept for itself, a third
/// of the memory would lie idle. The smallest gap that is large enough is taken, so equal steps get equal blocks, and
/// what nobody has used yet comes last. Addresses cost no memory until they are touched, so the region is wider than any
/// step needs: with several narrow ones a sixth of the memory would be gaps at their ends.
struct LargeBlocks {
  /// Consecutive bytes of a region.
  private struct Piece {
    var offset: Int
    var bytes: Int
    var isFree: Bool
  }

  private struct Region {
    let base: UnsafeMutableRawPointer
    let bytes: Int
    /// In order, without gaps; no two free ones are neighbours.
    var pieces: [Piece]
    /// The bytes from the start within which blocks have been cut.
    var usedBytes = 0
    /// Of these, the bytes from the start that have been asked for in large pages.
    var joinedBytes = 0
  }

  private var regions: [Region] = []
  /// How many blocks in a row were taken from where blocks have been before.
  private var repeats = 0
  /// Bytes of a region; the first that the system grants.
  private let widths: [Int]

  /// Creates it without a region.
  init(widths: [Int] = [16 << 30, 4 << 30, 256 << 20]) { self.widths = widths }

  /// Bytes that have been in a block, so that the system had to provide them.
  var heldBytes: Int { regions.reduce(0) { $0 + $1.usedBytes } }

  /// Of these, bytes that are in no block now.
  var freeBytes: Int {
    regions.reduce(0) { sum, region in
      region.pieces.reduce(sum) { sum, piece in
        piece.isFree ? sum + max(0, min(piece.bytes, region.usedBytes - piece.offset)) : sum
      }
    }
  }

  /// Bytes that a block of `count` floats takes.
  ///
  /// Successive blocks start at different places within a page: streams that run through several tensors at equal
  /// distance from their start would otherwise meet in the same cache sets and memory banks.
  static func bytes(_ count: Int) -> Int { (count * 4 + 4095) / 4096 * 4096 + 4096 + 256 }

  /// A block of so many bytes, and whether it reaches where no block has been.
  mutating func take(bytes: Int) -> (block: UnsafeMutableRawPointer, isNew: Bool) {
    let (block, isNew) = find(bytes: bytes)
    repeats = isNew ? 0 : repeats + 1
    if repeats > LargeBlocks.patience { joinPages() }
    return (block, isNew)
  }

  private mutating func find(bytes: Int) -> (block: UnsafeMutableRawPointer, isNew: Bool) {
    var best: (region: Int, piece: Int, bytes: Int)?
    for (index, region) in regions.enumerated() {
      for (place, piece) in region.pieces.enumerated()
      where piece.isFree && piece.bytes >= bytes && piece.bytes < best?.bytes ?? .max {
        best = (index, place, piece.bytes)
      }
    }
    if let best { return cut(best.piece, of: best.region, bytes: bytes) }
    // Narrower where the system limits what one may ask for, and never so wide that others find nothing left.
    let widths = widths.filter { $0 > bytes && $0 <= LargeBlocks.addressLimit / 2 } + [bytes]
    guard widths.contains(where: { addRegion(bytes: $0) }) else {
      preconditionFailure("[memory] the system has no block of \(bytes) bytes left")
    }
    return cut(0, of: regions.count - 1, bytes: bytes)
  }

  /// Takes a block back.
  ///
  /// - Returns: its size in bytes.
  mutating func give(_ block: UnsafeMutableRawPointer) -> Int {
    guard let index = regions.firstIndex(where: { $0.base <= block && block < $0.base + $0.bytes })
    else { preconditionFailure("[memory] a block that is no part of any region") }
    let offset = block - regions[index].base
    var pieces = regions[index].pieces
    regions[index].pieces = []
    defer { regions[index].pieces = pieces }
    var low = 0
    var high = pieces.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if pieces[middle].offset <= offset { low = middle } else { high = middle - 1 }
    }
    precondition(
      pieces[low].offset == offset && !pieces[low].isFree, "[memory] a block given back twice")
    let bytes = pieces[low].bytes
    pieces[low].isFree = true
    if low + 1 < pieces.count, pieces[low + 1].isFree {
      pieces[low].bytes += pieces[low + 1].bytes
      pieces.remove(at: low + 1)
    }
    if low > 0, pieces[low - 1].isFree {
      pieces[low - 1].bytes += pieces[low].bytes
      pieces.remove(at: low)
    }
    return bytes
  }

  /// Makes one large page of the next small ones that are in use.
  ///
  /// Large pages mean fewer translations: streaming passes take up to a fifth less. But a system may take milliseconds to
  /// provide one, together a third of a first step, so they are asked for where a program has stopped growing, one at a time.
  private mutating func joinPages() {
    let (collapse, wantLargePages): (Int32, Int32) = (25, 14)
    for index in regions.indices
    where regions[index].joinedBytes + LargeBlocks.largePage <= regions[index].usedBytes {
      let page = regions[index].base + regions[index].joinedBytes
      let isJoined = madvise(page, LargeBlocks.largePage, collapse) == 0
      regions[index].joinedBytes += LargeBlocks.largePage
      if !isJoined && errno == EINVAL {
        // A system before Linux 6.1 does it by itself, in its own time.
        madvise(regions[index].base, regions[index].bytes, wantLargePages)
        regions[index].joinedBytes = regions[index].bytes
      }
      return
    }
  }

  private static let largePage = 2 << 20
  /// Blocks that are taken without growth before pages are joined; about a step of a small network.
  private static let patience = 256

  /// Bytes of addresses that this process may have.
  private static var addressLimit: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_cur)
  }

  private mutating func cut(
    _ place: Int, of index: Int, bytes: Int
  ) -> (block: UnsafeMutableRawPointer, isNew: Bool) {
    let piece = regions[index].pieces[place]
    let isNew = piece.offset + bytes > regions[index].usedBytes
    regions[index].usedBytes = max(regions[index].usedBytes, piece.offset + bytes)
    regions[index].pieces[place] = Piece(offset: piece.offset, bytes: bytes, isFree: false)
    if piece.bytes > bytes {
      regions[index].pieces.insert(
        Piece(offset: piece.offset + bytes, bytes: piece.bytes - bytes, isFree: true),
        at: place + 1)
    }
    return (regions[index].base + piece.offset, isNew)
  }

  private mutating func addRegion(bytes: Int) -> Bool {
    let largePage = LargeBlocks.largePage
    // Not reserved: where the system lets programs ask for more than there is, only what is touched counts.
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let mapped = mmap(nil, bytes + largePage, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { return false }
    let base = mapped.alignedUp(toMultipleOf: largePage)
    regions.append(
      Region(
        base: base, bytes: bytes, pieces: [Piece(offset: 0, bytes: bytes, isFree: true)]))
    return true
  }
}
