// Responses of what a request was found to be, and of what Consul said.

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

  /// Consul's own status, body and those of its fields that pass. `secrets` are the caller's: an error's text that repeats
  /// them would carry them into the caller's logs. The gate's own, if Consul was asked with that of `settings`, is nobody's
  /// to read.
  init(
    relaying reply: UpstreamMessage, hiding secrets: PresentedSecrets = .none,
    askedWith settings: UpstreamSettings? = nil
  ) throws(Failure) {
    // Only identity was asked for: a coded body could be neither filtered nor understood by the client, which is
    // not told of the coding.
    if reply.relayed.isEncoded {
      throw .nonsense("the reply is encoded, though only identity was asked for")
    }
    self.init(status: reply.status, body: reply.body, relaying: reply.relayed.lines)
    if let settings, let search = settings.secretSearch {
      let isFound = search.firstRange(in: body.span) != nil
      // A success is taken for what it says, and cannot be changed.
      if isFound && status.isSuccess || reply.relayed.holdSecret(of: settings) {
        throw .nonsense("the reply holds the gate's own token")
      }
      if isFound { body = search.replaced(in: body, by: PresentedSecrets.mark.utf8) }
    }
    if !status.isSuccess { body = secrets.hidden(in: body) }
  }
}
