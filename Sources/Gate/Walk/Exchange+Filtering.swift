// What the client is shown of Consul's reply.

internal import HTTP
internal import Peering
internal import Policy
internal import Record
internal import Sockets

extension Exchange {
  /// A reply to a read that was waited for, or that new policies have overtaken, is judged anew by what holds now: a
  /// token revoked meanwhile gets 403. Of a change the caller learns what became of it.
  @inline(__always)
  func filter(
    _ response: consuming UpstreamResponse
  ) async throws(Failure) -> Response {
    let (request, reply) = (response.intent.permit.request, response.reply)
    var visibility = response.intent.permit.visibility
    let isOvertaken = request.blockingTime != nil || state.policies.set !== policies.set
    if request.operation.access == .read, let fault = proofFault { throw .unproven(fault) }
    if isOvertaken, request.operation.access == .read {
      let permit = try judge(request)
      visibility = permit.visibility
    }
    var answer = try relay(reply, of: request)
    switch visibility {
    case .only(let scope): return try await filter(reply, of: request, by: scope, into: answer)
    case .whole: break
    case .nothing: if reply.status.isSuccess { answer.body = [] }
    }
    if reply.body.count <= PeeringLimits.plainReplyBytes {
      try ResponseCheck.check(reply, of: request)
    } else {
      try await ResponseCheck.check(reply, of: request, on: state.loop)
    }
    return answer
  }

  private func relay(_ reply: UpstreamMessage, of request: PeeringRequest) throws(Failure) -> Response {
    var answer = try Response(relaying: reply, hiding: record.secrets, askedWith: askedWith)
    if !reply.status.isSuccess { note(reply, to: request.operation, in: &answer) }
    if request.operation == .generate, reply.status == .ok {
      GeneratedToken.withBytes(in: reply.body.span) { noteToken($0, PeeringTokenFacts($0)) }
    }
    return answer
  }

  private func note(_ error: UpstreamMessage, to operation: Operation, in answer: inout Response) {
    let isShown = ResponseCheck.isShown(error.body, to: operation)
    record.note(ConsulReason(answer.body, isShown: isShown, state.digester))
    if !isShown { answer.body = Array(ResponseCheck.sentence.utf8) }
  }

  // Not inlined: its frame would be that of every request.
  @inline(never)
  private func filter(
    _ reply: UpstreamMessage, of request: PeeringRequest, by granted: ListScope, into answer: Response
  ) async throws(Failure) -> Response {
    guard reply.status == .ok else {
      try ListFilter.checkError(reply)
      return answer
    }
    var answer = answer
    var judged = state.policies.set
    var list = try await ListFilter.filter(reply, scope: granted, on: state.loop)
    // Between two turns of a long list, too, a token may be revoked, or a certificate.
    if let fault = proofFault { throw .unproven(fault) }
    while state.policies.set !== judged {
      judged = state.policies.set
      let permit = try judge(request)
      guard case .only(let scope) = permit.visibility else { throw .nonsense("a list without a scope") }
      list = try await ListFilter.filter(reply, scope: scope, on: state.loop)
      if let fault = proofFault { throw .unproven(fault) }
    }
    record.note(list)
    answer.body = list.body
    // Consul's own rule: an anonymous caller is not told that there is something it may not see.
    if list.removed > 0, !record.isAnonymous {
      answer.fields.append((.xConsulResultsFilteredByACLs, FieldValue(literal: "true")))
    }
    return answer
  }
}
