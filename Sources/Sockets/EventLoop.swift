// One thread, one epoll set, and every job of the connections that live on it.

internal import CLinux
internal import Glibc
internal import Synchronization

/// A serial executor and task executor in one: jobs, timers and socket events of one worker, on one thread.
///
/// Straight-line async code on it is as cheap as callbacks, on two conditions: every task starts with
/// `executorPreference: loop`, and every actor that lives here has the loop as its `unownedExecutor`. A task
/// without the preference resumes by way of the global pool and loses nearly all of its speed.
///
/// `@unchecked Sendable`: other threads may only call `enqueue` and `perform`, which take the inbox's lock;
/// everything else is touched by the loop's own thread alone, and checks so.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  private enum Delivery {
    case job(UnownedJob)
    case work(@Sendable () -> Void)
  }

  private struct Inbox {
    var deliveries: [Delivery] = []
    /// The eventfd has been written for what waits here; a second write would buy nothing.
    var isAnnounced = false
  }

  private let inbox = Mutex(Inbox())
  private let epoll: Descriptor
  private let wakeupFD: Descriptor
  private let thread = Atomic<UInt>(0)

  // Confined to the loop's thread.
  private var jobs: [UnownedJob] = []
  private var running: [UnownedJob] = []
  private var slots = PollRegistrationTable()
  private var timers = TimerHeap()
  private var isStopped = false
  /// Called after the jobs of a turn have run and before the loop waits again: whatever a turn has collected
  /// (a batch of audit lines) goes out in one piece.
  package var onIterationEnd: (() -> Void)?
  /// The memory that queues of this loop share.
  package let blocks = BlockPool()
  /// The clock as read at the start of the turn: good enough for deadlines, and free.
  package private(set) var now = Deadline.now

  private static let wakeupKey = UInt64.max

  package init() throws(SocketError) {
    epoll = try Descriptor(adopting: clinux_epoll_create(), doing: .poll)
    wakeupFD = try Descriptor(adopting: clinux_eventfd(), doing: .poll)
    guard clinux_epoll_add_wakeup(epoll.number, wakeupFD.number, Self.wakeupKey) == 0 else {
      throw SocketError(doing: .poll, code: errno)
    }
  }

  // MARK: Jobs from anywhere

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      jobs.append(job)
    } else {
      deliver(.job(job))
    }
  }

  /// Runs `work` on the loop's thread, soon. For threads that are not the loop's own.
  package func perform(_ work: @escaping @Sendable () -> Void) { deliver(.work(work)) }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }

  package func asUnownedTaskExecutor() -> UnownedTaskExecutor { unsafe UnownedTaskExecutor(ordinary: self) }

  package func checkIsolated() { precondition(isCurrent, "work of this loop ran on another thread") }

  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  private var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

  private func deliver(_ delivery: Delivery) {
    let mustWakeUp = inbox.withLock { inbox in
      inbox.deliveries.append(delivery)
      defer { inbox.isAnnounced = true }
      return !inbox.isAnnounced
    }
    // Without the wakeupFD a job from outside would sleep until the next packet arrives.
    if mustWakeUp { wakeUp() }
  }

  private func wakeUp() {
    var one: UInt64 = 1
    // Nobody reads it. It is full after 2^64 rings: then it would have to be.
    _ = unsafe write(wakeupFD.number, &one, 8)
  }

  // MARK: The loop

  /// Runs until `stop()`. The calling thread is the loop's own from here on.
  package func run() {
    thread.store(pthread_self(), ordering: .relaxed)
    let capacity = Int(SocketLimits.eventsPerWait)
    let events = UnsafeMutablePointer<clinux_event>.allocate(capacity: capacity)
    defer { unsafe events.deallocate() }
    while !isStopped {
      now = .now
      drain()
      onIterationEnd?()
      // What onIterationEnd made runnable must not wait for the next event: see waitMilliseconds.
      let count = unsafe clinux_epoll_wait(
        epoll.number, events, SocketLimits.eventsPerWait, waitMilliseconds())
      now = .now
      for position in 0..<Int(max(count, 0)) { unsafe dispatch(events[position]) }
      while let due = timers.next(at: now) { due.parking.expire(due.deadline, at: now) }
    }
    drain()
    // Nobody will wake those who still sleep, and each of them holds the loop.
    while let hibernator = timers.next(at: .never) { hibernator.parking.wake(.interrupted) }
    drain()
    thread.store(0, ordering: .relaxed)
  }

  /// Ends `run()` after the jobs that are ready; who sleeps then is interrupted. Call it on the loop.
  package func stop() { isStopped = true }

  private func drain() {
    collectInbox()
    while !jobs.isEmpty {
      swap(&jobs, &running)
      for job in running {
        unsafe job.runSynchronously(
          isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
      }
      running.removeAll(keepingCapacity: true)
      collectInbox()
    }
  }

  private func collectInbox() {
    let deliveries = inbox.withLock { inbox in
      inbox.isAnnounced = false
      guard !inbox.deliveries.isEmpty else { return [Delivery]() }
      defer { inbox.deliveries.removeAll(keepingCapacity: true) }
      return inbox.deliveries
    }
    for delivery in deliveries {
      switch delivery {
      case .job(let job): jobs.append(job)
      case .work(let work): work()
      }
    }
  }

  private func dispatch(_ event: clinux_event) {
    // Rung, which has ended the wait; what was delivered is collected at the beginning of the next turn.
    if event.key == Self.wakeupKey { return }
    slots.find(event.key)?.handle(
      readable: event.events & clinux_readable != 0, writable: event.events & clinux_writable != 0,
      hangup: event.events & clinux_hangup != 0)
  }

  private func waitMilliseconds() -> Int32 {
    guard jobs.isEmpty, !isStopped else { return 0 }
    let earliest = timers.earliest
    guard earliest != .never else { return -1 }
    // Rounded up: waking a fraction of a millisecond early would spin until the instant comes.
    let milliseconds = (Deadline.now.distance(to: earliest) + 999_999) / 1_000_000
    return Int32(clamping: milliseconds)
  }

  // MARK: For what lives on the loop

  /// How many descriptors are registered; a growing number means that someone forgets to close.
  package var descriptorCount: Int { slots.count }

  func schedule(_ parking: Waiter, at deadline: Deadline) { timers.insert(parking, at: deadline) }

  func register(_ descriptor: borrowing Descriptor) throws(SocketError) -> PollRegistration {
    let slot = slots.add(loop: self)
    guard clinux_epoll_add(epoll.number, descriptor.number, slot.key) == 0 else {
      let code = errno
      slots.remove(slot)
      throw SocketError(doing: .poll, code: code)
    }
    return slot
  }

  func unregister(_ slot: PollRegistration) {
    slot.reading.retire()
    slot.writingIfMade?.retire()
    slots.remove(slot)
    timers.compact(whenOver: slots.count * SocketLimits.timersPerSlot) { $0.parking.isDue(at: $0.deadline) }
  }

  /// Ends the caller's turn: what is ready by now goes first, what has just come from the network included. For work that
  /// would otherwise keep everybody else of the loop waiting.
  package func letOthersRun() async { await sleep(until: now) }

  /// Parks the caller until `deadline` has passed or `interrupt` wakes it.
  package func sleep(until deadline: Deadline) async {
    _ = await Waiter(on: self).park(until: deadline, unless: { false })
  }
}
