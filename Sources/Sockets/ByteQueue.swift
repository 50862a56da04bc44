// Bytes on their way from one party to another: written at the back, read from the front.

/// A growable queue of bytes, confined to one event loop.
///
/// Everything that moves bytes moves them through this: the kernel reads into its space, TLS decrypts from
/// one queue into another, parsers look at its front. Memory is taken at the first byte and given back by
/// `releaseIfEmpty()`, so that an idle connection owns no buffer at all.
@safe package final class ByteQueue {
  // Raw memory rather than [UInt8]: the kernel and OpenSSL write into it in place, and an array would
  // zero the space first and check uniqueness on every access. All of it stays inside this file.
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0

  package init() {}

  deinit { unsafe base?.deallocate() }

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

  /// Drops the oldest `count` bytes; they have been read.
  package func consume(_ count: Int) {
    precondition(count >= 0 && count <= self.count, "consumed more than was waiting")
    head += count
    if head == tail { removeAll() }
  }

  /// Keeps what memory a usual message needs for the next one, and gives back what a large one has taken.
  package func removeAll() {
    head = 0
    tail = 0
    if capacity > SocketLimits.keptQueueBytes { releaseIfEmpty() }
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

  /// Moves everything that waits in `other` to the back of this queue.
  package func take(from other: ByteQueue) {
    guard !other.isEmpty else { return }
    if isEmpty {
      // Moved, not swapped: an inout access to a field of one class would make every access to it checked.
      let (memory, size) = unsafe (base, capacity)
      unsafe base = other.base
      capacity = other.capacity
      head = other.head
      tail = other.tail
      unsafe other.base = memory
      other.capacity = size
    } else {
      other.withBytes { append($0) }
    }
    other.removeAll()
  }

  /// Lends at least `minimum` bytes of space to C. `body` returns how many it filled.
  package func withSpace(_ minimum: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
    reserve(minimum)
    guard let base = unsafe base else { return }
    let space = unsafe UnsafeMutableRawBufferPointer(start: base + tail, count: capacity - tail)
    let filled = unsafe body(space)
    precondition(filled >= 0 && filled <= capacity - tail, "filled more than was lent")
    tail += filled
  }

  /// Gives the memory back while nothing waits: an idle connection holds none.
  package func releaseIfEmpty() {
    guard isEmpty, let base = unsafe base else { return }
    unsafe base.deallocate()
    unsafe self.base = nil
    capacity = 0
  }

  private func reserve(_ minimum: Int) {
    guard capacity - tail < minimum else { return }
    let waiting = count
    if capacity >= waiting + minimum, let base = unsafe base, head >= capacity / 2 {
      unsafe base.copyMemory(from: base + head, byteCount: waiting)
    } else {
      var larger = max(capacity, SocketLimits.smallestQueueBytes)
      while larger < waiting + minimum { larger *= 2 }
      let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
      if let base = unsafe base {
        unsafe moved.copyMemory(from: base + head, byteCount: waiting)
        unsafe base.deallocate()
      }
      unsafe base = moved
      capacity = larger
    }
    head = 0
    tail = waiting
  }
}
