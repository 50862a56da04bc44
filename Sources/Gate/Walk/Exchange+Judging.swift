// What a request's judgements mean for its walk and its record.

internal import Consul
internal import HTTP
internal import Messages
internal import Peering
internal import Policy
internal import Record
internal import Sockets
internal import TLS

extension Exchange {
  /// What a handshake would have against the client by now.
  var proofFault: ProofFault? { client.proofFault(by: state) }

  func checkProof(of subject: Subject) throws(Failure) {
    guard let fault = proofFault else { return }
    record.note(caller: subject, as: client.auth(of: subject))
    throw .unproven(fault)
  }

  /// What was given up because the client may not stay is answered with that.
  func cause(of failure: Failure) -> Failure {
    switch failure {
    case .draining, .upstream(UpstreamFailure.draining), .request(MessageError.interrupted):
      proofFault.map { .unproven($0) } ?? failure
    default: failure
    }
  }

  func admit(_ request: PeeringRequestHead) throws(Failure) -> Admission {
    let now = Timestamp(seconds: WallClock.seconds)
    let verdict = Judge.admit(request, connection: client.policyAttributes, policies: policies.set, now: now)
    switch consume verdict {
    case .admission(let admission): return admission
    case .denial(let denial):
      record.note(request)
      record.note(denial, policies: policies.set, as: denial.subject.map(client.auth))
      if let shadowPolicies = policies.shadow {
        let shadow = Shadow(
          ofRefused: request, connection: client.policyAttributes, policies: shadowPolicies, now: now)
        record.note(shadow, by: shadowPolicies)
      }
      throw .denied(denial)
    }
  }

  /// Who asks for what the gate does not serve is worth knowing, though nothing hangs on it. What is no credential
  /// names nobody.
  func noteCaller(_ head: RequestHead) {
    do throws(Refusal) {
      let caller = try Caller.named(by: head.fields, last: fields?.caller, hash: &state.hash)
      let subject = Judge.subject(caller, client.policyAttributes, policies.set)
      record.note(caller: subject, as: subject.map(client.auth))
    } catch {
      return
    }
  }

  /// Of a request that an admitted caller did not complete.
  func note(_ request: PeeringRequestHead, of subject: Subject) {
    record.note(request)
    record.note(caller: subject, as: client.auth(of: subject))
  }

  /// Once more, by what holds now.
  func judge(_ request: PeeringRequest) throws(Denial) -> Permit {
    policies = state.policies
    let now = Timestamp(seconds: WallClock.seconds)
    let verdict = Judge.judge(
      request, connection: client.policyAttributes, policies: policies.set, now: now)
    return try note(verdict, on: request, by: policies, now)
  }

  /// The same of a request that Consul has answered.
  func judgeAgain(_ response: inout UpstreamResponse) throws(Failure) {
    policies = state.policies
    let now = Timestamp(seconds: WallClock.seconds)
    let verdict = response.judgeAgain(
      connection: client.policyAttributes, policies: policies.set, now: now)
    do throws(Denial) {
      _ = try note(verdict, on: response.request, by: policies, now)
    } catch {
      throw .denied(error)
    }
  }

  func note(
    _ verdict: consuming Verdict, on request: PeeringRequest, by policies: PoliciesInForce, _ now: Timestamp
  ) throws(Denial) -> Permit {
    switch consume verdict {
    case .permit(let permit):
      record.note(permit, policies: policies.set, as: client.auth(of: permit.subject))
      shadow(request, policies, now, isAllowed: true)
      return permit
    case .denial(let denial):
      record.note(denial, policies: policies.set, as: denial.subject.map(client.auth))
      shadow(request, policies, now, isAllowed: false)
      throw denial
    }
  }

  /// What the shadow policies would have decided: recorded and, with the answer, counted; and nothing else.
  private func shadow(
    _ request: PeeringRequest, _ policies: PoliciesInForce, _ now: Timestamp, isAllowed: Bool
  ) {
    guard let shadowPolicies = policies.shadow else { return }
    let shadow = Shadow(
      of: request, connection: client.policyAttributes, policies: shadowPolicies, now: now,
      isAllowed: isAllowed)
    record.note(shadow, by: shadowPolicies)
  }
}
