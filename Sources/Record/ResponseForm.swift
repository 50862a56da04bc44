// The form of a response that its request allows.

package import HTTP
internal import Messages

/// What a request wants of its reply's form.
package struct ResponseForm: Sendable {
  /// Another request may follow.
  package let persists: Bool
  /// HTTP/1.0, where that is not understood by itself.
  package let saysKeepAlive: Bool
  package let omitsContent: Bool
  /// Another request may follow though the body of this one was not asked for.
  package let outlivesUnreadBody: Bool

  /// `head` is nil for bytes that were no request: nothing can follow them.
  package init(_ head: RequestHead?) {
    persists = head?.isPersistent == true
    saysKeepAlive = head?.version == .http10
    omitsContent = head?.method == .head
    outlivesUnreadBody = head.map(Self.canDropBody) ?? false
  }

  /// Whether the body is worth reading to its end, and is sure to be sent. RFC 9110 10.1.1: of a client that waits to be
  /// invited nobody knows whether it sends its body after any other answer, or its next request.
  private static func canDropBody(of head: RequestHead) -> Bool {
    if head.expectsContinue { return false }
    if case .length(let length) = head.framing { return length <= MessageLimits.discardedBodyBytes }
    return true
  }
}
