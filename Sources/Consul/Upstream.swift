// Asking Consul: only for a permit, only with the intent on record.

package import Audit
internal import HTTP
internal import Messages
package import Peering
internal import Policy
internal import Record
package import Sockets
package import TLS

/// On whose behalf Consul is asked.
package protocol UpstreamCaller: AnyObject {
  /// Where it waits for its turn, and nobody else.
  var waiter: Waiter { get }
  /// The client's: a read is given up when the client leaves.
  var clientStream: Stream { get }
  /// What Consul is asked now; nil while it is not asked.
  var asking: UpstreamConversation? { get set }
  /// Nothing more is begun for the client.
  var isCondemned: Bool { get }

  /// Asked each time before the request is sent: what was permitted may be no more, after it has waited for its turn.
  func confirm(_ request: PeeringRequest) throws(UpstreamFailure)

  /// To whom it is sent, and why once more.
  func noteSending(to upstream: Entry.Upstream, again: Entry.Repetition?)

  /// Asked about every length that the reply's body reaches.
  func hasRoom(forReply bytes: Int, toChange isChange: Bool) -> Bool
}

/// On which stream Consul is being asked for a request; for a long time, if by a blocking query.
package struct UpstreamConversation {
  package let stream: Stream
  package let isBlocking: Bool
  package let isChange: Bool
}

/// One worker's way to Consul.
package final class Upstream {
  /// What may still be asked. A stop ends waiting first, and everything when the drain's time is up.
  package enum Openness {
    case open, draining, closed
  }

  /// Whose token Consul sees, among others; may change while the gate runs.
  package private(set) var settings: UpstreamSettings
  private let pool: UpstreamPool
  private let turns: UpstreamTurns
  private let limits: UpstreamLimits
  private let loop: EventLoop
  package var openness = Openness.open

  package init(
    settings: UpstreamSettings, pool: UpstreamPool, budget: UpstreamBudget, limits: UpstreamLimits,
    loop: EventLoop
  ) {
    self.settings = settings
    self.pool = pool
    turns = UpstreamTurns(budget, limits: limits, loop: loop)
    self.limits = limits
    self.loop = loop
  }

  /// Sends what was permitted and reads the whole reply. The intent is spent, and the permit in it: one request each.
  ///
  /// A GET is sent once more if a pooled connection turns out to be dead, or Consul was about to close it; a change
  /// never, since Consul may have made it. While Consul is being asked, `caller.asking` says so, so that a drain can end it.
  package func ask(
    _ request: consuming UpstreamRequest, for caller: any UpstreamCaller, within subject: SubjectUsage
  ) async throws(UpstreamFailure) -> UpstreamResponse {
    let asked = request.intent.permit.request
    let waiter = caller.waiter
    let isBlocking = asked.blockingTime != nil
    if isBlocking { try turns.beginBlocking(of: subject) }
    defer { if isBlocking { turns.endBlocking(of: subject) } }
    try await turns.beginRequest(of: subject, in: waiter)
    defer { turns.endRequest(of: subject) }
    let isChange = asked.operation.isChange
    if isChange { try await turns.beginChange(of: subject, in: waiter) }
    defer { if isChange { turns.endChange(of: subject) } }
    let repeatable = asked.operation.access == .read
    var freshness = UpstreamPool.Freshness.any
    var repetition: Entry.Repetition?
    while true {
      let connection = try await pool.acquire(freshness, of: subject, waitingIn: waiter)
      do throws(Attempt) {
        let reply = try await converse(request, again: repetition, on: connection, for: caller)
        return UpstreamResponse(to: request, reply)
      } catch {
        switch error.remedy {
        case .another: continue
        case .fresh(let reason) where repeatable && connection.isReused:
          (freshness, repetition) = (.fresh, reason)
        case .fresh, .none: throw error.failure
        }
      }
    }
  }

  /// Takes over a new token, certificate or authority for what is asked from now on. If the place is another, nothing
  /// is taken over before the next start: keys, names and tokens are meant for one place.
  package func adopt(_ settings: UpstreamSettings) throws(TLSError) {
    guard settings.endpoint == self.settings.endpoint else { return }
    try pool.adopt(settings.tls)
    self.settings = settings
  }

  package func reap() { pool.reap() }

  private struct Attempt: Error {
    let failure: UpstreamFailure
    let remedy: Remedy

    enum Remedy {
      case none
      /// Nothing was sent: any other connection will do, whatever is asked.
      case another
      /// Nothing of a reply to what was sent was seen: a new connection may do, if the connection was an old one and
      /// what is asked may be asked twice.
      case fresh(Entry.Repetition)
    }
  }

  // Not inlined: its frame would be the caller's for as long as that one lives.
  @inline(never)
  private func converse(
    _ request: borrowing UpstreamRequest, again repetition: Entry.Repetition?,
    on connection: UpstreamConnection, for caller: any UpstreamCaller
  ) async throws(Attempt) -> UpstreamMessage {
    let asked = request.intent.permit.request
    let client = caller.clientStream
    let (channel, reader) = (connection.channel, connection.reader)
    reader.expect(replyTo: asked.method)
    // Only reads are given up when the client leaves: of a change the record must say what came of it.
    let isWatched = asked.operation.access == .read
    do throws(UpstreamFailure) {
      guard mayAsk(asked), !caller.isCondemned else { throw .draining }
      try caller.confirm(asked)
    } catch {
      pool.release(connection, reusable: true)
      throw Attempt(failure: error, remedy: .none)
    }
    if isWatched, !client.beginWatch(abandoning: channel.stream.readingPlace) {
      pool.release(connection, reusable: true)
      throw Attempt(failure: .clientLeft, remedy: .none)
    }
    defer { if isWatched { client.endWatch() } }
    let (isBlocking, isChange) = (asked.blockingTime != nil, asked.operation.isChange)
    caller.asking = UpstreamConversation(
      stream: channel.stream, isBlocking: isBlocking, isChange: isChange)
    defer { caller.asking = nil }
    let isOld = connection.isReused
    // Nothing may come between this question and the sending: what has come by then is no reply to what is sent.
    guard channel.isQuiet(asking: true) || !isOld else {
      pool.release(connection, reusable: false)
      throw Attempt(failure: .reply(.closed(during: .head)), remedy: .another)
    }
    // On a new one a ticket may be on its way, which is no message; a message is.
    let hasSpoken = !channel.input.isEmpty
    caller.noteSending(to: connection.recorded, again: repetition)
    if !hasSpoken {
      channel.output.append(request.bytes)
      // A connection that breaks here says so below.
      _ = try? channel.send()
    }
    var isQuiescing = false
    do throws(MessageError) {
      let head =
        hasSpoken
        ? try await refusal(of: asked, on: connection, after: .closed(during: .head))
        : try await head(of: asked, on: connection)
      // Consul gave up waiting just when it was asked: RFC 9110 15.5.9 has the request repeated.
      isQuiescing = isOld && isWatched && head.status == .requestTimeout
      guard !isQuiescing else { throw MessageError.closed(during: .head) }
      let body = try await reader.body(of: head, pause: limits.pauseTimeout) { bytes in
        caller.hasRoom(forReply: bytes, toChange: isChange)
      }
      let reply = UpstreamMessage(head: head, body: body, last: connection.lastRelayed)
      connection.lastRelayed = reply.relayed
      // Who has refused before it was asked may have more to say that answers nothing.
      pool.release(connection, reusable: head.isPersistent && !hasSpoken)
      return reply
    } catch {
      let isUnseen = isQuiescing || error.isEndOfConnection && !reader.hasBegun
      pool.release(connection, reusable: false)
      // A change that was interrupted may have been made: the record must not say that it was refused.
      if case .interrupted = error, isWatched {
        throw Attempt(failure: client.isHungUp ? .clientLeft : .draining, remedy: .none)
      }
      throw Attempt(
        failure: .reply(error), remedy: isUnseen ? .fresh(isQuiescing ? .requestTimeout : .closed) : .none)
    }
  }

  /// Sends what waits in the connection's output, and reads the head of the reply.
  @inline(__always)
  private func head(
    of asked: PeeringRequest, on connection: UpstreamConnection
  ) async throws(MessageError) -> ResponseHead {
    do throws(MessageError) {
      try await connection.channel.flush(
        by: loop.now.advanced(by: limits.pauseTimeout), during: .head)
    } catch {
      return try await refusal(of: asked, on: connection, after: error)
    }
    if asked.blockingTime != nil { connection.releaseMemory() }
    return try await connection.reader.head(by: headDeadline(of: asked))
  }

  /// Consul, over its limit of connections, says 429 and closes without having read anything: then the request is not
  /// sent, but the refusal is there. Nothing but a refusal can be the reply to what was not sent.
  @inline(never)
  private func refusal(
    of asked: PeeringRequest, on connection: UpstreamConnection, after error: MessageError
  ) async throws(MessageError) -> ResponseHead {
    let canRepeat = connection.isReused && asked.operation.access == .read
    guard error.isEndOfConnection, !canRepeat else { throw error }
    connection.channel.stream.recheckReadable()
    let head: ResponseHead
    do throws(MessageError) {
      head = try await connection.reader.head(by: headDeadline(of: asked))
    } catch {
      throw error.isEndOfConnection ? .closed(during: .head) : error
    }
    guard head.status.isError else { throw error }
    return head
  }

  /// Anyone who came to his connection after the stop was asked for must not begin what nobody would end.
  private func mayAsk(_ asked: PeeringRequest) -> Bool {
    switch openness {
    case .open: true
    case .draining: asked.blockingTime == nil
    case .closed: false
    }
  }

  /// A blocking query may take as long as it asked for, capped as Consul caps it, and Consul's jitter on top.
  private func headDeadline(of asked: PeeringRequest) -> Deadline {
    guard let wait = asked.blockingTime else {
      return loop.now.advanced(by: limits.headTimeout)
    }
    return loop.now.advanced(by: wait + limits.blockingSlack)
  }
}
