// What the client is shown of Consul's response.

internal import Consul
internal import HTTP
internal import Peering
internal import Policy
internal import Record
internal import Sockets

extension Exchange {
  /// A response to a read that was waited for, or that new policies have overtaken, is judged anew by what holds now: a
  /// token revoked meanwhile gets 403. Of a change the caller learns what became of it.
  @inline(__always)
  func filter(_ response: consuming UpstreamResponse) async throws(Failure) -> Response {
    let request = response.request
    let isRead = request.operation.access == .read
    if isRead, let fault = proofFault { throw .unproven(fault) }
    if isRead, request.blockingTime != nil || state.policies.set !== policies.set {
      try judgeAgain(&response)
    }
    var shown = try heading(of: response)
    if response.isList { return try await filterList(response, into: shown) }
    do throws(UpstreamFailure) {
      if let body = try await response.visibleBody(on: state.loop) { shown.body = body }
    } catch {
      throw Failure(error)
    }
    return shown
  }

  private func heading(of response: borrowing UpstreamResponse) throws(Failure) -> Response {
    do throws(UpstreamFailure) {
      let (shown, error) = try response.heading(hiding: record.secrets, askedWith: askedWith)
      if let error { record.note(ConsulReason(error.text, isShown: error.isShown, state.digester)) }
      response.withGeneratedToken { noteToken($0, PeeringTokenFacts($0)) }
      return shown
    } catch {
      throw Failure(error)
    }
  }

  // Not inlined: its frame would be that of every request.
  @inline(never)
  private func filterList(
    _ response: consuming UpstreamResponse, into heading: Response
  ) async throws(Failure) -> Response {
    var (shown, judged) = (heading, state.policies.set)
    var list = try await visibleList(of: response)
    // Between two turns of a long list, too, a token may be revoked, or a certificate.
    while state.policies.set !== judged {
      judged = state.policies.set
      try judgeAgain(&response)
      list = try await visibleList(of: response)
    }
    guard let list else { return shown }
    record.note(list)
    shown.body = list.body
    // Consul's own rule: an anonymous caller is not told that there is something it may not see.
    if list.removed > 0, !record.isAnonymous {
      shown.fields.append((.xConsulResultsFilteredByACLs, FieldValue(literal: "true")))
    }
    return shown
  }

  private func visibleList(of response: borrowing UpstreamResponse) async throws(Failure) -> PeeringList? {
    let list: PeeringList?
    do throws(UpstreamFailure) {
      list = try await response.visibleList(on: state.loop)
    } catch {
      throw Failure(error)
    }
    if let fault = proofFault { throw .unproven(fault) }
    return list
  }
}
