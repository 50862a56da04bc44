// A named thread for what must block.

internal import CLinux
internal import Glibc

/// A thread that can be waited for. Dropping it without `join` leaves it running, which is fine.
package struct Thread: Sendable {
  private final class Start {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  private let handle: pthread_t

  /// Starts a detached thread. `name` shows in `top -H`; the kernel keeps its first 15 bytes.
  package static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
    pthread_detach(spawn(named: name, body).handle)
  }

  /// Starts a thread that somebody will `join`.
  package static func spawn(named name: String, _ body: @escaping @Sendable () -> Void) -> Thread {
    let (handle, code) = create(named: name, body)
    // No thread at the start means no memory or a process limit of zero: nothing sensible can go on.
    precondition(code == 0, "the system gives no thread: \(systemMessage(code))")
    return Thread(handle: handle)
  }

  /// Starts a detached thread if the system gives one: for work whose failure somebody can be told of. The code is
  /// that of `pthread_create`.
  static func startIfPossible(named name: String, _ body: @escaping @Sendable () -> Void) -> Int32 {
    let (handle, code) = create(named: name, body)
    if code == 0 { pthread_detach(handle) }
    return code
  }

  private static func create(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) -> (pthread_t, code: Int32) {
    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, SocketLimits.threadStackBytes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    var handle = pthread_t()
    let code = unsafe pthread_create(
      &handle, &attributes,
      { argument in
        // The new thread takes over the reference that the creator retained for it.
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        unsafe clinux_name_thread(start.name)
        start.body()
        return nil
      }, start.toOpaque())
    if code != 0 { unsafe start.release() }
    return (handle, code)
  }

  /// Blocks the calling thread: never one that runs a loop.
  package static func pause(milliseconds: Int32) { poll(nil, 0, milliseconds) }

  /// Blocks until the thread has ended. Once.
  package func join() { pthread_join(handle, nil) }
}
