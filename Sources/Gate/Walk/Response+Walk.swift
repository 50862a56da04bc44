// Responses of what a request was found to be.

internal import HTTP
internal import Peering
internal import Record

extension Response {
  init(_ refusal: Refusal) {
    self = .text(refusal.status, "\(refusal)")
    if let allowed = refusal.allowed { fields.append((.allow, FieldValue(literal: allowed.spelling))) }
  }

  init(allowing methods: AllowedMethods) {
    self.init(status: .ok, fields: [(.allow, FieldValue(literal: methods.spelling))])
  }
}
