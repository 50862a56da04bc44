// The three digits of a reply, and the words that go with them.

/// RFC 9110 15: a status code from 100 to 599; nothing else can be made.
package struct StatusCode: RawRepresentable, Sendable, Hashable {
  package let rawValue: UInt16

  package init?(rawValue: UInt16) {
    guard (100...599).contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  private init(_ rawValue: UInt16) { self.rawValue = rawValue }

  // By default the library's for all that have a raw value: it looks types up, several times a request.
  @inlinable
  package static func == (one: StatusCode, other: StatusCode) -> Bool { one.rawValue == other.rawValue }

  package static let `continue` = StatusCode(100)
  package static let switchingProtocols = StatusCode(101)
  package static let ok = StatusCode(200)
  package static let noContent = StatusCode(204)
  package static let movedPermanently = StatusCode(301)
  package static let notModified = StatusCode(304)
  package static let badRequest = StatusCode(400)
  package static let unauthorized = StatusCode(401)
  package static let forbidden = StatusCode(403)
  package static let notFound = StatusCode(404)
  package static let methodNotAllowed = StatusCode(405)
  package static let requestTimeout = StatusCode(408)
  package static let contentTooLarge = StatusCode(413)
  package static let uriTooLong = StatusCode(414)
  package static let expectationFailed = StatusCode(417)
  package static let tooManyRequests = StatusCode(429)
  package static let headerFieldsTooLarge = StatusCode(431)
  package static let internalServerError = StatusCode(500)
  package static let notImplemented = StatusCode(501)
  package static let badGateway = StatusCode(502)
  package static let serviceUnavailable = StatusCode(503)
  package static let gatewayTimeout = StatusCode(504)
  package static let versionNotSupported = StatusCode(505)

  package var isInterim: Bool { rawValue < 200 }
  package var isSuccess: Bool { rawValue / 100 == 2 }
  /// The client's fault, or the server's.
  package var isError: Bool { rawValue >= 400 }

  /// RFC 9110 6.4.1: these never have content, whatever their fields say.
  package var forbidsContent: Bool { isInterim || self == .noContent || self == .notModified }

  /// The registered phrase; empty for a code this program never makes itself.
  package var reasonPhrase: StaticString {
    switch rawValue {
    case 100: "Continue"
    case 101: "Switching Protocols"
    case 200: "OK"
    case 204: "No Content"
    case 301: "Moved Permanently"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 417: "Expectation Failed"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
  }
}

extension StatusCode: CustomStringConvertible {
  package var description: String { String(rawValue) }
}
