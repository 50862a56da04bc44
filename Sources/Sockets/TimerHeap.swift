// Which parking place must be woken next because its time is up.

/// A binary heap of deadlines, earliest first.
///
/// A deadline that moves later is not moved here: when its old entry comes up, the parking place is asked what
/// it waits for now and put back. So a keep-alive connection, whose deadline moves with every request, costs
/// one heap operation per idle time-out and none per request.
struct TimerHeap {
  struct Entry {
    let deadline: Deadline
    let parking: Waiter
  }

  private var entries: [Entry] = []
  /// How many entries the last search for useless ones left.
  private var remained = 0

  var count: Int { entries.count }
  var earliest: Deadline { entries.first?.deadline ?? .never }

  mutating func insert(_ parking: Waiter, at deadline: Deadline) {
    entries.append(Entry(deadline: deadline, parking: parking))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].deadline < entries[parent].deadline else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// The earliest entry, taken out of the heap, if `now` has reached it.
  mutating func next(at now: Deadline) -> Entry? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink(from: 0)
    }
    return first
  }

  /// Drops the entries that stand for nothing any more. Without it, connections that come and go faster than
  /// their time-outs would leave an entry each until that time-out comes up.
  ///
  /// Searches only when there are twice as many as the last search left: where most stand for something, a search each
  /// time would cost every connection a look at all others. True if it searched.
  @discardableResult
  mutating func compact(whenOver limit: Int, unless stands: (Entry) -> Bool) -> Bool {
    guard entries.count > max(limit, 2 * remained, SocketLimits.timersBeforeCompaction) else { return false }
    entries.removeAll { !stands($0) }
    remained = entries.count
    for parent in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(from: parent) }
    return true
  }

  private mutating func sink(from start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      guard left < entries.count else { return }
      let right = left + 1
      let child = right < entries.count && entries[right].deadline < entries[left].deadline ? right : left
      guard entries[child].deadline < entries[parent].deadline else { return }
      entries.swapAt(child, parent)
      parent = child
    }
  }
}
