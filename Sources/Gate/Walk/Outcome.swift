// The one table from what went wrong to what the client reads and what the record says.

internal import Consul
internal import HTTP
internal import Messages
internal import Peering
internal import Policy
internal import Record
internal import TLS

/// What became of a request that got no reply of Consul's. The client learns less than the record.
struct Outcome {
  private(set) var answer: Response
  /// For the record and the log: more than the client is told, and never a secret.
  private(set) var reason: String
  let isDenial: Bool
  /// What of the request stands in both texts.
  private let quoted: QuotedInput?

  init(_ failure: Failure) {
    quoted = Self.quoted(failure)
    (answer, reason) = Self.describe(failure)
    if case .denied = failure { isDenial = true } else { isDenial = false }
  }

  private static func quoted(_ failure: Failure) -> QuotedInput? {
    switch failure {
    case .refused(let refusal): refusal.quoted
    default: nil
    }
  }

  /// Names and keys of the client's stand in some texts; a secret that it put there must not, nor any part of it. What is
  /// cut of one is digested for the record, as it is where the name stands besides: see `RecordedTarget`.
  func hiding(_ secrets: PresentedSecrets, digester: TextDigester) -> Outcome {
    var outcome = self
    if let quoted {
      if secrets.stand(in: quoted.input.span) {
        let mark = Array(PresentedSecrets.mark.utf8)
        outcome.reason = Self.replacing(quoted, with: mark, in: Array(reason.utf8))
        outcome.answer.body = Array(Self.replacing(quoted, with: mark, in: answer.body).utf8)
        return outcome
      }
      let text = RecordedText(secrets: secrets, digester: digester)
      if let marked = quoted.marked(text.mark) {
        outcome.reason = Self.replacing(quoted, with: marked, in: Array(reason.utf8))
      }
    }
    if secrets.stand(in: outcome.reason.utf8.span) {
      outcome.reason = String(decoding: secrets.hidden(in: Array(outcome.reason.utf8)), as: UTF8.self)
    }
    if secrets.stand(in: answer.body.span) { outcome.answer.body = secrets.hidden(in: answer.body) }
    return outcome
  }

  private static func replacing(_ quoted: QuotedInput, with other: [UInt8], in text: [UInt8]) -> String {
    let shown = Array(quoted.description.utf8)
    let start = text.indices.first { text[$0...].starts(with: shown) }
    guard let start, !shown.isEmpty else { return String(decoding: text, as: UTF8.self) }
    return String(decoding: text[..<start] + other + text[(start + shown.count)...], as: UTF8.self)
  }

  private static var noRoom: Response {
    .later(.serviceUnavailable, "this gate holds as much content as it may, try again")
  }

  private static func describe(_ failure: Failure) -> (Response, String) {
    switch failure {
    case .request(let error): return describe(request: error)
    case .refused(let refusal): return (Response(refusal), "\(refusal)")
    case .denied(let denial): return (.text(.forbidden, denial.message), denial.citation)
    case .unproven(let fault):
      var answer = Response.text(.forbidden, fault.sentence)
      answer.closes = true
      return (answer, fault.sentence)
    case .upstream(let failure): return describe(upstream: failure)
    case .draining:
      return (
        .later(.serviceUnavailable, "this gate is shutting down, try again"), "the gate is stopping"
      )
    case .unrecorded(let error):
      return (.unrecorded, "audit: \(error)")
    }
  }

  private static func describe(upstream failure: UpstreamFailure) -> (Response, String) {
    switch failure {
    case .denied(let denial): return describe(.denied(denial))
    case .tooMany(let share, let count): return describe(share, count)
    case .clientLeft:
      return (Response(status: .clientClosedRequest, closes: true), "the client left before Consul answered")
    case .unreachable(let error):
      return (.text(.badGateway, "Consul cannot be reached"), "upstream: \(error)")
    case .reply(.slow(let part)):
      return (.text(.gatewayTimeout, "Consul did not answer in time"), "upstream: \(MessageError.slow(part))")
    case .reply(.noRoom):
      return (noRoom, "the reply is more than may be held beside what is held already")
    case .reply(let error):
      return (.text(.badGateway, "Consul's reply was broken off or malformed"), "upstream: \(error)")
    case .nonsense(let text):
      return (.text(.badGateway, "Consul's reply could not be understood"), "upstream: \(text)")
    case .busy:
      return (
        .later(.serviceUnavailable, "all connections to Consul are in use, try again"),
        "the budget of upstream connections is used up"
      )
    case .draining: return describe(.draining)
    }
  }

  private static func describe(_ share: SubjectUsage.Share, _ count: Int) -> (Response, String) {
    let (sentence, reason) =
      switch share {
      case .blockingQueries:
        (
          "this token has \(count) blocking queries waiting, which is as many as one may have now: end one, or try again",
          "the token's share of blocking queries is used up"
        )
      case .upstreamRequests:
        (
          "this token has \(count) requests under way, which is as many as one may have now: try again",
          "the token's share of connections to Consul is used up"
        )
      case .changes:
        (
          "this token has \(count) changes under way, which is as many as one may have now: try again",
          "the token's share of changes is used up"
        )
      case .queuedRequests:
        (
          "this token has \(count) requests waiting for Consul, which is as many as one may have: try again",
          "the token's share of waiting requests is used up"
        )
      }
    return (.later(.tooManyRequests, sentence), reason)
  }

  private static func describe(request error: MessageError) -> (Response, String) {
    var answer: Response
    switch error {
    case .malformed(let fault): answer = .text(fault.status, "\(fault)")
    case .slow(let part):
      answer = .text(.requestTimeout, "the request \(part.rawValue) did not come in time, send it again")
    case .noRoom: answer = noRoom
    case .interrupted: (answer, _) = describe(.draining)
    case .closed, .channel:
      answer = Response(status: .clientClosedRequest)
    }
    answer.closes = true
    return (answer, "request: \(error)")
  }
}
