// When a connection that never has to wait makes room for others.

internal import Sockets

/// A refusal that is only counted waits for nothing, so a client that has sent thousands in one go would have them all
/// answered before anybody else is looked at. What waits, for Consul or its record, ends in a later turn of the loop.
struct UnbrokenRequests {
  private var count = 0
  /// In which turn of the loop they were answered: its clock stands still for as long as one takes.
  private var turn = Deadline.never

  /// To be asked after each request. `now` is the loop's.
  mutating func isOthersTurn(at now: Deadline) -> Bool {
    if turn == now {
      count += 1
    } else {
      (turn, count) = (now, 1)
    }
    return count >= GateLimits.unbrokenRequests
  }
}
