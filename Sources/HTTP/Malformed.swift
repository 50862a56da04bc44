// Everything that can be wrong with a message, and what to answer.

/// A message that breaks the grammar or a limit. The connection cannot go on: where the message ends is
/// unknown.
///
/// On a request it is the client's fault and `status` says how to answer, with `Connection: close`. On a
/// reply it is the upstream's fault: 502, whatever `status` says. No case carries a field value or a query,
/// which may be secret, nor a name that is not known: it may be a secret as well.
package enum Malformed: Error, Sendable, Hashable {
  // Lines
  case bareLineFeed
  case bareCarriageReturn
  case controlByte(UInt8)
  // Start line
  case requestLine
  case method
  case target
  case targetForm
  case invalidVersion
  case unsupportedVersion(String)
  case statusLine
  case switchedProtocols
  // Fields
  case foldedLine
  case missingColon
  case blankBeforeColon(FieldName?)
  case fieldName
  case repeated(FieldName)
  case missingHost
  case host
  case connectionOption
  case upgrade
  case expectation
  // Framing
  case contentLength
  case contentLengthTooLong(digits: Int)
  case contentLengthWithTransferEncoding
  case transferEncoding
  case unknownTransferCoding
  case transferEncodingInHTTP10
  case chunkSize
  case chunkSizeTooLong(digits: Int)
  case chunkExtension
  case chunkExtensionTooLong(limit: Int)
  case chunkEnd
  case trailerField(FieldName)
  case contentForbidden(StatusCode)
  case truncated
  // Limits
  case startLineTooLong(limit: Int)
  case fieldLineTooLong(limit: Int)
  case tooManyFields(limit: Int)
  case headTooLarge(limit: Int)
  case bodyTooLarge(limit: Int)

  /// The answer to a request that is malformed in this way.
  package var status: StatusCode {
    switch self {
    case .startLineTooLong: .uriTooLong
    case .fieldLineTooLong, .tooManyFields, .headTooLarge: .headerFieldsTooLarge
    case .bodyTooLarge: .contentTooLarge
    case .unsupportedVersion: .versionNotSupported
    case .unknownTransferCoding, .upgrade: .notImplemented
    case .expectation: .expectationFailed
    default: .badRequest
    }
  }
}

extension Malformed: CustomStringConvertible {
  /// One sentence for the client and the log: what is wrong and, where it is not obvious, what to send
  /// instead.
  package var description: String {
    switch self {
    case .bareLineFeed: "a line ends with a bare line feed; end lines with CR LF"
    case .bareCarriageReturn: "a carriage return is not followed by a line feed; end lines with CR LF"
    case .controlByte(let byte): "a control byte (\(byte)) stands in the head; send printable bytes only"
    case .requestLine: "the request line is not 'METHOD target HTTP/1.1' with single spaces"
    case .method: "the method is not a token"
    case .target: "the request target holds a byte or an escape that RFC 3986 does not allow"
    case .targetForm: "the request target must begin with '/' ('*' is for OPTIONS alone)"
    // Not quoted: with a blank in the target it is the rest of a query.
    case .invalidVersion: "the protocol version is malformed, or the target holds a blank; send HTTP/1.1"
    case .unsupportedVersion(let version): "the protocol version \(version) is not spoken here; send HTTP/1.1"
    case .statusLine: "the status line is not 'HTTP/1.1 code reason'"
    case .switchedProtocols: "the reply switches protocols, which nobody asked for"
    case .foldedLine: "a field line begins with a blank; send each field on one line"
    case .missingColon: "a field line has no colon"
    case .blankBeforeColon(let name):
      "a blank stands between the field name \(name.map { "\($0) " } ?? "")and its colon"
    case .fieldName: "a field name is not a token"
    case .repeated(let name): "\(name) is sent more than once"
    case .missingHost: "Host is missing; HTTP/1.1 requires it"
    case .host: "Host is not a valid authority; send host or host:port"
    case .connectionOption: "Connection is not a list of tokens"
    case .upgrade: "Upgrade is not offered; send the request without it"
    case .expectation: "Expect can only be 100-continue"
    case .contentLength: "Content-Length is not one plain decimal number"
    case .contentLengthTooLong(let digits): "Content-Length has more than \(digits) digits"
    case .contentLengthWithTransferEncoding: "Content-Length and Transfer-Encoding are both sent; send one"
    case .transferEncoding: "Transfer-Encoding can only be a single chunked"
    case .unknownTransferCoding: "Transfer-Encoding names a coding that is not supported; send chunked"
    case .transferEncodingInHTTP10: "Transfer-Encoding does not exist in HTTP/1.0; send Content-Length"
    case .chunkSize: "a chunk size is not a hexadecimal number"
    case .chunkSizeTooLong(let digits): "a chunk size has more than \(digits) digits"
    case .chunkExtension: "a chunk extension is malformed"
    case .chunkExtensionTooLong(let limit): "chunk extensions are longer than \(limit) bytes"
    case .chunkEnd: "the data of a chunk is not followed by CR LF"
    case .trailerField(let name): "\(name) cannot be sent in a trailer"
    case .contentForbidden(let status):
      "a reply with status \(status) announces content, which it cannot have"
    case .truncated: "the message ends early"
    case .startLineTooLong(let limit): "the start line is longer than \(limit) bytes"
    case .fieldLineTooLong(let limit): "a field line is longer than \(limit) bytes"
    case .tooManyFields(let limit): "more than \(limit) fields are sent"
    case .headTooLarge(let limit): "the head is larger than \(limit) bytes"
    case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes"
    }
  }
}
