// Which failures of a request anybody can cause in any number.

internal import Consul
internal import Messages
internal import Policy
internal import Record

extension RepeatedRefusal {
  /// Nil for what has its own record however often it happens. `subject` is whom the request was recognised as.
  init?(_ failure: Failure, from address: Address?, subject: Subject?) {
    if case .upstream(UpstreamFailure.tooMany) = failure, let subject {
      self.init(.tooMany, .subject(subject.accessorID))
      return
    }
    guard subject?.isAnonymous ?? true else { return nil }
    let kind: Kind
    switch failure {
    case .refused, .request(.malformed(_)): kind = .malformed
    case .request(MessageError.noRoom): kind = .tooMany
    case .request: kind = .incomplete
    case .denied(let denial): kind = denial.subject == nil ? .unknownToken : .noCredential
    default: return nil
    }
    self.init(kind, .address(address?.network))
  }
}
