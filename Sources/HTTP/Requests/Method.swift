// Request methods: the registered ones by name, any other token as it was written.

/// RFC 9110 9.1. Methods are case-sensitive: `get` is some other method than GET.
package enum Method: Sendable, Hashable {
  case get, head, post, put, delete, connect, options, trace, patch
  case other(UnregisteredMethod)

  /// nil if `bytes` are no token.
  init?(_ bytes: Span<UInt8>) {
    switch bytes.count {
    case 3 where bytes.equals("GET"): self = .get
    case 3 where bytes.equals("PUT"): self = .put
    case 4 where bytes.equals("POST"): self = .post
    case 4 where bytes.equals("HEAD"): self = .head
    case 5 where bytes.equals("TRACE"): self = .trace
    case 5 where bytes.equals("PATCH"): self = .patch
    case 6 where bytes.equals("DELETE"): self = .delete
    case 7 where bytes.equals("OPTIONS"): self = .options
    case 7 where bytes.equals("CONNECT"): self = .connect
    case 0: return nil
    default:
      guard let method = UnregisteredMethod(bytes) else { return nil }
      self = .other(method)
    }
  }
}

/// A method nobody registered: some token, and for that reason safe to write into a line.
package struct UnregisteredMethod: Sendable, Hashable {
  package let name: String

  fileprivate init?(_ bytes: Span<UInt8>) {
    for index in bytes.indices where !ByteClass.token.contains(bytes[index]) { return nil }
    var copy: [UInt8] = []
    copy.append(bytes)
    name = String(decoding: copy, as: UTF8.self)
  }
}

extension Method {
  /// nil for one that nobody registered.
  var spelling: StaticString? {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .connect: "CONNECT"
    case .options: "OPTIONS"
    case .trace: "TRACE"
    case .patch: "PATCH"
    case .other: nil
    }
  }

  /// The method as it stands in a request line.
  package func append(to bytes: inout [UInt8]) {
    if let spelling { bytes.append(spelling) } else { bytes.append(contentsOf: description.utf8) }
  }
}

extension Method: CustomStringConvertible {
  package var description: String {
    if case .other(let method) = self { method.name } else { spelling.map { "\($0)" } ?? "" }
  }
}
