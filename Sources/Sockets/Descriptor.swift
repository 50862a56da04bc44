// One open file, closed once.

internal import Glibc

/// The owner of a file descriptor: not copyable, so it is closed exactly once and never after its number
/// has been given to another file.
package struct Descriptor: ~Copyable {
  let number: Int32

  /// Takes over a descriptor fresh from the kernel, or throws what the kernel said instead.
  init(adopting number: Int32, doing attempt: SocketError.Attempt) throws(SocketError) {
    guard number >= 0 else { throw SocketError(doing: attempt, code: errno) }
    self.number = number
  }

  deinit { close(number) }
}
