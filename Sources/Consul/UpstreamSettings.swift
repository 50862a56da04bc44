// Where Consul is, how we prove who is there, and whose token Consul sees.

internal import HTTP
package import Peering
package import Record
package import Sockets
package import TLS

/// A class, because every request asks it what Consul is to be told.
package final class UpstreamSettings: Sendable {
  package let endpoint: Endpoint
  /// The same in every request. `Accept-Encoding: identity`, because a compressed list could not be filtered.
  let commonFields: FieldLines
  /// Nil: plain HTTP, or a unix socket.
  package let tls: ClientSettings?
  /// The gate's own token (exchange: clients hold gate tokens only), or nil: the client's is passed through.
  package let secret: Credential?
  /// Finds it in what Consul answers.
  package let secretSearch: SecretSearch?

  package enum Scheme: String, Sendable {
    case http, https, unix
  }

  /// `http://host:port`, `https://host:port` or `unix:///path`: the scheme and the place, or a sentence on what is wrong.
  package static func parse(_ address: String) -> Result<(Scheme, Endpoint), AddressFault> {
    let bytes = address.utf8
    let schemes: [Scheme] = [.http, .https, .unix]
    guard let scheme = schemes.first(where: { bytes.starts(with: "\($0.rawValue)://".utf8) }) else {
      return .failure(AddressFault("write http://host:port, https://host:port or unix:///path"))
    }
    var place = scheme == .unix ? bytes[...] : bytes.dropFirst("\(scheme.rawValue)://".utf8.count)
    if place.last == UInt8(ascii: "/") { place = place.dropLast() }
    do throws(SocketError) {
      return .success((scheme, try Endpoint(parsing: String(Substring(place)))))
    } catch {
      return .failure(AddressFault("\(error)"))
    }
  }

  package struct AddressFault: Error {
    package let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
  }

  package init(endpoint: Endpoint, tls: ClientSettings? = nil, secret: Credential? = nil) {
    self.endpoint = endpoint
    self.tls = tls
    self.secret = secret
    secretSearch = secret.map { secret in SecretSearch { add in secret.withBytes { add($0) } } }
    let authority: FieldValue
    switch endpoint {
    // An endpoint's bytes are all visible ASCII, and a fixed name stands for the nameless socket.
    case .tcp: authority = FieldValue(endpoint.description) ?? FieldValue(literal: "consul")
    case .unix: authority = FieldValue(literal: "localhost")
    }
    commonFields = FieldLines { lines in
      lines.field(.host, authority)
      lines.field(.accept, literal: "application/json")
      lines.field(.acceptEncoding, literal: "identity")
    }
  }

  /// What stands in `X-Consul-Token`. Never nothing: without a token Consul takes its agent's default one, and a
  /// stranger would gain its rights.
  func token(for credential: Credential?) -> FieldValue {
    (secret ?? credential)?.fieldValue ?? FieldValue(literal: "anonymous")
  }
}
