// Whether the clock of the machine was set back.

/// Compares it with the one that only goes forward, at moments when both are read anyway.
struct ClockWatch: Sendable {
  /// The clock's time as it would have been, and as it is.
  struct Step: Sendable, Equatable {
    let from: WallTime
    let to: WallTime
  }

  typealias Reading = (wall: WallTime, monotonic: MonotonicTime)

  /// What one clock was ahead of the other at the last reading, in microseconds.
  private var lead: Int64?

  /// - Parameter again: reads both anew. A process that is stopped between two reads of one reading looks as if the clock
  ///   had been set back, and only the first time.
  mutating func check(_ reading: Reading, again: () -> Reading) -> Step? {
    let found = Self.lead(reading)
    guard let lead, lead - found > AuditLimits.clockStepMicroseconds else {
      lead = found
      return nil
    }
    let second = again()
    self.lead = Self.lead(second)
    guard lead - Self.lead(second) > AuditLimits.clockStepMicroseconds else { return nil }
    return Step(
      from: WallTime(microseconds: lead + second.monotonic.nanoseconds / 1_000), to: second.wall)
  }

  /// The wall clock first: what comes between can then only make it less.
  static func read() -> Reading {
    let wall = WallTime.now()
    return (wall, .now())
  }

  private static func lead(_ reading: Reading) -> Int64 {
    reading.wall.microseconds - reading.monotonic.nanoseconds / 1_000
  }
}
