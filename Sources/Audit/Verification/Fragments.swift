// What stands between records and is none.

/// Bounded, however much of it there is: one file of newlines must not fill the memory.
struct Fragments {
  private(set) var count = 0
  /// Bytes of all of them, newlines aside.
  private(set) var bytes = 0
  /// Of the last one.
  private(set) var lastBytes = 0
  private(set) var lastIsTerminated = false
  /// No crash leaves an empty line.
  private(set) var hasEmpty = false
  private(set) var places: [LogPlace] = []

  mutating func add(_ length: Int, isTerminated: Bool, at place: LogPlace) {
    count += 1
    bytes += length
    lastBytes = length
    lastIsTerminated = isTerminated
    hasEmpty = hasEmpty || length == 0
    if places.count < AuditLimits.findingsTold { places.append(place) }
  }
}
