// What a client sent, as far as Consul's handlers look at it.

package import Bytes

/// Framing is done, the body is whole. The target is the request line's, byte for byte.
package struct ConsulRequest: Sendable, CustomStringConvertible {
  package let method: ByteString
  package let target: [UInt8]
  package let fields: [(name: ByteString, value: [UInt8])]
  package let body: [UInt8]

  /// - Parameter fields: in order; values without the blanks round them.
  package init(
    method: ByteString, target: [UInt8], fields: [(name: ByteString, value: [UInt8])], body: [UInt8]
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
  }

  /// Fields, query and body may hold secrets.
  package var description: String {
    "\(method) \(goText(Array(target.prefix { $0 != UInt8(ascii: "?") })))"
  }

  /// Only the first of several lines of one name is looked at, as in Go's `Header.Get`.
  func first(_ name: ByteString) -> [UInt8] {
    fields.first { $0.name.equalsIgnoringASCIICase(name) }?.value ?? []
  }

  /// `X-Consul-Token`, else the first word after `Bearer`, else `?token=`; an empty one is none and the next
  /// place counts. In Consul `?token=` wins: see Conformance/Deviations.swift in the tests.
  func token(query: QueryString) -> [UInt8]? {
    let header = first("X-Consul-Token")
    if !header.isEmpty { return header }
    let words = first("Authorization").split(separator: UInt8(ascii: " "))
    if words.count > 1, goText(Array(words[0])).lowercasedASCII == "bearer" {
      return Array(words[1])
    }
    return query.value("token").map { Array($0.utf8) }
  }
}
