// Its own thread for calls that may block: with few cores, a blocked thread of the pool stops the program.
import Glibc

enum JournalThread {
  /// Runs `body` on a new detached thread that takes no signals. Blocked signals make a vanished reader
  /// EPIPE and a file-size limit EFBIG, on this thread, instead of the end of the process.
  static func start(name: String, _ body: sending @escaping () -> Void) throws(AuditError) {
    let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
    let code = unsafe create(work.toOpaque())
    guard code == 0 else {
      unsafe work.release()
      throw .cannotStartThread(code: code)
    }
  }

  private static func create(_ work: UnsafeMutableRawPointer) -> Int32 {
    // Raw space, since OpenSSL's module claims the initialiser of this C type for itself.
    unsafe withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { space in
      guard let attributes = space.baseAddress else { return ENOMEM }
      unsafe pthread_attr_init(attributes)
      defer { unsafe pthread_attr_destroy(attributes) }
      unsafe pthread_attr_setdetachstate(attributes, CInt(PTHREAD_CREATE_DETACHED))
      unsafe pthread_attr_setstacksize(attributes, AuditLimits.threadStackBytes)
      var thread = pthread_t()
      return unsafe pthread_create(&thread, attributes, run, work)
    }
  }

  // A function rather than a closure where the thread is created: the 6.3.1 compiler crashes on that.
  private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    argument in
    guard let argument = unsafe argument else { return nil }
    let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
    blockSignals()
    yieldToWorkers()
    show(name: work.name)
    work.body()
    return nil
  }

  /// A worker that hands over a batch is about to hand over more: it should not lose its core to this
  // thread at once, only to find the next batch written by itself. A batch thread (sched(7)) waits for its
  // turn where a core is busy, and runs at once where one is free; it then finds all that has come.
  private static func yieldToWorkers() {
    var parameters = sched_param()
    unsafe sched_setscheduler(0, 3 /* SCHED_BATCH, which is not imported */, &parameters)
  }

  private static func blockSignals() {
    var every = sigset_t()
    unsafe sigfillset(&every)
    unsafe pthread_sigmask(SIG_SETMASK, &every, nil)
  }

  /// The name that `top -H` and debuggers show, by way of /proc since the call for it is not imported.
  private static func show(name: String) {
    let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let bytes = Array(name.utf8)
    _ = unsafe write(descriptor, bytes, bytes.count)
    close(descriptor)
  }

  private final class Work {
    let name: String
    let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
