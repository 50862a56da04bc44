// The one owner of a C object: freed exactly once, lent only inside a closure.

/// Holds one reference to an OpenSSL object and gives it back when it goes.
@safe struct Owned: ~Copyable {
  /// Nil after `take` alone.
  private var pointer: OpaquePointer?
  private let free: (OpaquePointer?) -> Void

  /// Takes over the reference that `make` returns.
  static func adopt(
    _ operation: StaticString, freeing free: @escaping (OpaquePointer?) -> Void, _ make: () -> OpaquePointer?
  ) throws(TLSError) -> Owned {
    unsafe Owned(adopting: try Call.make(operation, make), freeing: free)
  }

  /// Takes over one reference.
  init(adopting pointer: OpaquePointer, freeing free: @escaping (OpaquePointer?) -> Void) {
    unsafe self.pointer = pointer
    unsafe self.free = free
  }

  deinit { if let pointer = unsafe pointer { unsafe free(pointer) } }

  /// Moves the object to another owner. This one must not be asked for it any more.
  mutating func take() -> Owned {
    guard let taken = unsafe pointer else { preconditionFailure("an object was taken from its owner twice") }
    unsafe pointer = nil
    return unsafe Owned(adopting: taken, freeing: free)
  }

  /// Lends the object; what keeps it longer must take its own reference.
  borrowing func lend<Result: ~Copyable, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let pointer = unsafe pointer else { preconditionFailure("an object was taken from its owner") }
    return unsafe try body(pointer)
  }
}
