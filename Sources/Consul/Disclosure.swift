// What the client is shown of Consul's reply.

internal import HTTP
package import Peering
internal import Policy
package import Record
package import Sockets

/// Consul did not do what it was asked.
package struct ErrorText {
  /// What it said, without secrets.
  package let text: [UInt8]
  /// The client reads that; if not, a sentence of the gate's.
  package let isShown: Bool
}

extension UpstreamResponse {
  /// The response with Consul's status and those of its fields that pass. Of an error it has the text, or a sentence in its
  /// place; of a success it has no body yet.
  ///
  /// - Parameters:
  ///   - secrets: the caller's: an error's text that repeats them would carry them into the caller's logs.
  ///   - settings: if Consul was asked with the gate's own token, which is nobody's to read.
  package func heading(
    hiding secrets: PresentedSecrets, askedWith settings: UpstreamSettings?
  ) throws(UpstreamFailure) -> (response: Response, error: ErrorText?) {
    try reply.heading(to: request.operation, hiding: secrets, askedWith: settings)
  }

  /// Lends the peering token that was generated, if one was.
  package func withGeneratedToken(_ body: (Span<UInt8>) -> Void) {
    guard request.operation == .generate, status == .ok else { return }
    GeneratedToken.withBytes(in: reply.body.span, body)
  }

  /// The elements of a list that may be seen, byte for byte. A body that is no list of peerings is refused: what cannot be
  /// understood cannot be filtered. Between two turns of a long one, anyone else who is ready on `loop` is served.
  ///
  /// Nil for an error, which passes as it is, if it is nothing but one.
  package func visibleList(on loop: EventLoop) async throws(UpstreamFailure) -> PeeringList? {
    guard case .only(let scope) = visibility else { throw .nonsense("a list without a scope") }
    return try await reply.list(within: scope, on: loop)
  }

  /// The body of what is no list, once it is known to be about what was permitted and nothing else; nil for an error, which
  /// has a text of its heading.
  package func visibleBody(on loop: EventLoop) async throws(UpstreamFailure) -> [UInt8]? {
    if reply.body.count <= PeeringLimits.plainReplyBytes {
      try ResponseCheck.check(reply, of: request)
    } else {
      try await ResponseCheck.check(reply, of: request, on: loop)
    }
    guard status.isSuccess else { return nil }
    switch visibility {
    case .whole: return reply.body
    case .nothing: return []
    case .only: throw .nonsense("a list where none was asked for")
    }
  }
}

extension UpstreamMessage {
  func heading(
    to operation: Operation, hiding secrets: PresentedSecrets, askedWith settings: UpstreamSettings?
  ) throws(UpstreamFailure) -> (response: Response, error: ErrorText?) {
    let body = try withoutSecret(of: settings)
    var response = Response(status: status, relaying: relayed.lines)
    guard !status.isSuccess else { return (response, nil) }
    let text = secrets.hidden(in: body)
    let isShown = ResponseCheck.isShown(self.body, to: operation)
    response.body = isShown ? text : Array(ResponseCheck.sentence.utf8)
    return (response, ErrorText(text: text, isShown: isShown))
  }

  func list(within scope: ListScope, on loop: EventLoop) async throws(UpstreamFailure) -> PeeringList? {
    guard status == .ok else {
      if status.isSuccess { throw .nonsense("a reply to a list is a success, but not 200") }
      try ResponseCheck.checkError(self)
      return nil
    }
    var filter = PeeringListFilter(body)
    while true {
      do throws(ListFault) {
        let list = try filter.advance { peer, partition in scope.allowsReading(peer, in: partition) }
        if let list { return list }
      } catch {
        throw .nonsense("\(error)")
      }
      await loop.letOthersRun()
    }
  }

  /// The body, without the gate's own token.
  private func withoutSecret(of settings: UpstreamSettings?) throws(UpstreamFailure) -> [UInt8] {
    // Only identity was asked for: a coded body could be neither filtered nor understood by the client, which is
    // not told of the coding.
    if relayed.isEncoded { throw .nonsense("the reply is encoded, though only identity was asked for") }
    guard let settings, let search = settings.secretSearch else { return body }
    let isFound = search.firstRange(in: body.span) != nil
    // A success is taken for what it says, and cannot be changed.
    if isFound && status.isSuccess || relayed.holdSecret(of: settings) {
      throw .nonsense("the reply holds the gate's own token")
    }
    return isFound ? search.replaced(in: body, by: PresentedSecrets.mark.utf8) : body
  }
}
