// One descriptor's place in the event loop.

/// What epoll has said of one descriptor, and who waits for it.
///
/// Epoll knows a slot by index and generation, never by its address: a late event for a closed descriptor
/// whose index has been given to a new one carries the old generation and finds nobody.
final class PollRegistration {
  let index: UInt32
  let generation: UInt32
  let reading: Waiter
  /// Made when somebody waits there: few ever have to.
  private(set) var writingIfMade: Waiter?

  /// False only after the kernel said there is nothing: then a wait need not ask first. Edge-triggered
  /// events set it again.
  var isReadable = true
  var isWritable = true
  /// The peer will send no more, or the connection broke. Never becomes false again, so that the end of the
  /// stream is seen even when its only event came together with the last bytes.
  private(set) var isHungUp = false
  /// Abandoned when this side hangs up: the place where someone waits on behalf of this peer.
  var dependent: Waiter?
  /// Woken, once, when this side becomes readable: for what lives on it without a task.
  var hibernator: (any Hibernator)?

  init(index: UInt32, generation: UInt32, loop: EventLoop) {
    self.index = index
    self.generation = generation
    reading = Waiter(on: loop)
  }

  var key: UInt64 { UInt64(generation) << 32 | UInt64(index) }

  func writing(on loop: EventLoop) -> Waiter {
    if let writingIfMade { return writingIfMade }
    let made = Waiter(on: loop)
    writingIfMade = made
    return made
  }

  private func wakeHibernator() {
    let woken = hibernator
    hibernator = nil
    woken?.wakeUp()
  }

  func handle(readable: Bool, writable: Bool, hangup: Bool) {
    if hangup {
      isHungUp = true
      dependent?.abandon()
    }
    if readable || hangup {
      isReadable = true
      reading.wake(.ready)
      if hibernator != nil { wakeHibernator() }
    }
    if writable || hangup {
      isWritable = true
      writingIfMade?.wake(.ready)
    }
  }
}

/// Who lives on a stream without a task, and gets one when there is something to read.
package protocol Hibernator: AnyObject {
  /// Called on the loop; must not read or wait.
  func wakeUp()
}

/// The slots of one loop.
struct PollRegistrationTable {
  private var slots: [PollRegistration?] = []
  private var vacant: [UInt32] = []
  private var generation: UInt32 = 0

  private(set) var count = 0

  mutating func add(loop: EventLoop) -> PollRegistration {
    generation &+= 1
    count += 1
    if let index = vacant.popLast() {
      let slot = PollRegistration(index: index, generation: generation, loop: loop)
      slots[Int(index)] = slot
      return slot
    }
    let slot = PollRegistration(index: UInt32(slots.count), generation: generation, loop: loop)
    slots.append(slot)
    return slot
  }

  mutating func remove(_ slot: PollRegistration) {
    slots[Int(slot.index)] = nil
    vacant.append(slot.index)
    count -= 1
  }

  func find(_ key: UInt64) -> PollRegistration? {
    let index = Int(key & 0xFFFF_FFFF)
    guard index < slots.count, let slot = slots[index], slot.key == key else { return nil }
    return slot
  }
}
