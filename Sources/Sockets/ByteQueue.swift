// Bytes on their way from one party to another: written at the back, read from the front.

/// A growable queue of bytes, confined to one event loop.
///
/// Everything that moves bytes moves them through this: the kernel reads into its space, TLS decrypts from
/// one queue into another, parsers look at its front. Memory is taken at the first byte and given back with the last,
/// to the pool that the queues of a loop share.
@safe package final class ByteQueue {
  // Raw memory rather than [UInt8]: the kernel and OpenSSL write into it in place, and an array would
  // zero the space first and check uniqueness on every access. All of it stays in this file and the pool's.
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0
  private let pool: BlockPool?

  /// Without a pool the memory is the allocator's.
  package init(from pool: BlockPool? = nil) { self.pool = pool }

  deinit { release() }

  package var count: Int { tail - head }
  package var isEmpty: Bool { head == tail }

  /// Lends the waiting bytes, oldest first.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let base = unsafe base else {
      let nothing: [UInt8] = []
      return try body(nothing.span)
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: base + head, count: count)
    return try body(unsafe Span(_unsafeBytes: bytes))
  }

  /// Lends the waiting bytes to C.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    unsafe body(UnsafeRawBufferPointer(start: base.map { unsafe UnsafeRawPointer($0 + head) }, count: count))
  }

  /// A copy of the oldest bytes, `count` at most.
  package func prefix(_ count: Int) -> [UInt8] { unsafe withUnsafeBytes { unsafe Array($0.prefix(count)) } }

  /// Drops the oldest `count` bytes; they have been read.
  package func consume(_ count: Int) {
    precondition(count >= 0 && count <= self.count, "consumed more than was waiting")
    head += count
    if head == tail { removeAll() }
  }

  package func removeAll() {
    head = 0
    tail = 0
    release()
  }

  package func append(_ bytes: Span<UInt8>) {
    guard !bytes.isEmpty else { return }
    unsafe bytes.withUnsafeBytes { source in
      unsafe withSpace(source.count) { space in
        unsafe space.copyMemory(from: source)
        return source.count
      }
    }
  }

  package func append(_ bytes: [UInt8]) { append(bytes.span) }

  /// Lends at least `minimum` bytes of space to C. `body` returns how many it filled.
  package func withSpace(_ minimum: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
    reserve(minimum)
    guard let base = unsafe base else { return }
    let space = unsafe UnsafeMutableRawBufferPointer(start: base + tail, count: capacity - tail)
    let filled = unsafe body(space)
    precondition(filled >= 0 && filled <= capacity - tail, "filled more than was lent")
    tail += filled
    if isEmpty { release() }
  }

  private func reserve(_ minimum: Int) {
    guard capacity - tail < minimum else { return }
    let waiting = count
    if capacity >= waiting + minimum, let base = unsafe base, head >= capacity / 2 {
      unsafe base.copyMemory(from: base + head, byteCount: waiting)
    } else {
      let size = BlockPool.size(for: waiting + minimum)
      let moved = unsafe pool?.take(size) ?? .allocate(byteCount: size, alignment: 16)
      if let base = unsafe base { unsafe moved.copyMemory(from: base + head, byteCount: waiting) }
      release()
      unsafe base = moved
      capacity = size
    }
    head = 0
    tail = waiting
  }

  private func release() {
    guard let base = unsafe base else { return }
    if let pool { unsafe pool.release(base, capacity) } else { unsafe base.deallocate() }
    unsafe self.base = nil
    capacity = 0
  }
}
