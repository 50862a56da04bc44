// The memory that the queues of one loop take turns with.

/// Blocks of memory in powers of two, confined to one event loop.
///
/// A queue holds a block only while bytes wait in it. So ten thousand idle connections hold none, a busy loop gets the
/// same few blocks again and again while they are in the cache, and nothing is asked of the allocator, whose heap would
/// be left in holes between what lives long.
@safe package final class BlockPool {
  // Raw memory: see ByteQueue. Every block of list `k` has `SocketLimits.smallestBlockBytes << k` bytes, the first of
  // which, while nobody uses it, hold the address of the next.
  private var free = unsafe [List](repeating: unsafe List(), count: classes)

  @unsafe private struct List {
    var first: UnsafeMutableRawPointer?
    var count = 0
  }

  private static let classes =
    (SocketLimits.largestPooledBlockBytes / SocketLimits.smallestBlockBytes).trailingZeroBitCount + 1

  package init() {}

  deinit {
    for place in unsafe free.indices {
      while let block = unsafe pop(from: place) { unsafe block.deallocate() }
    }
  }

  /// Bytes that wait to be used again.
  package var freeBytes: Int {
    unsafe free.indices.reduce(0) { unsafe $0 + free[$1].count * (SocketLimits.smallestBlockBytes << $1) }
  }

  /// The size of the block that holds `bytes`: a power of two.
  static func size(for bytes: Int) -> Int {
    guard bytes > SocketLimits.smallestBlockBytes else { return SocketLimits.smallestBlockBytes }
    return 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount)
  }

  /// A block of `size` bytes, which `size(for:)` has given.
  func take(_ size: Int) -> UnsafeMutableRawPointer {
    if let place = place(of: size), let block = unsafe pop(from: place) { return unsafe block }
    return UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
  }

  /// Takes a block back; more of its kind than a busy loop needs go to the allocator.
  func release(_ block: UnsafeMutableRawPointer, _ size: Int) {
    guard let place = place(of: size),
      unsafe (free[place].count + 1) * size <= SocketLimits.pooledBytesPerSize
    else { return unsafe block.deallocate() }
    unsafe block.storeBytes(of: free[place].first, as: UnsafeMutableRawPointer?.self)
    unsafe free[place].first = block
    unsafe free[place].count += 1
  }

  private func pop(from place: Int) -> UnsafeMutableRawPointer? {
    guard let block = unsafe free[place].first else { return nil }
    unsafe free[place].first = block.load(as: UnsafeMutableRawPointer?.self)
    unsafe free[place].count -= 1
    return unsafe block
  }

  private func place(of size: Int) -> Int? {
    let place = size.trailingZeroBitCount - SocketLimits.smallestBlockBytes.trailingZeroBitCount
    return place < Self.classes ? place : nil
  }
}
