// What can go wrong between machines.

import Bytes
internal import Glibc

/// A failed call of the kernel's, or a wait that ended without what it waited for.
package struct SocketError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Attempt: Sendable, Equatable {
    case poll, resolve, bind, listen, accept, connect, read, write, configure
  }

  package enum Reason: Sendable, Equatable {
    /// `errno` of the failed call.
    case system(Int32)
    /// The peer did not do its part in time.
    case deadline
    /// Our side gave up the wait: a drain, or the party we worked for left.
    case interrupted
    /// The peer closed or reset the connection.
    case closed
    /// The address cannot be one, or does not resolve; the text says why.
    case address(String)
  }

  package let attempt: Attempt
  package let reason: Reason

  package init(doing attempt: Attempt, because reason: Reason) {
    self.attempt = attempt
    self.reason = reason
  }

  package init(doing attempt: Attempt, code: Int32) {
    self.attempt = attempt
    switch code {
    case ECONNRESET, EPIPE: reason = .closed
    case ETIMEDOUT: reason = .deadline
    default: reason = .system(code)
    }
  }

  package var isAddressInUse: Bool { reason == .system(EADDRINUSE) }

  package var description: String {
    switch reason {
    case .system(let code): "\(attempt) failed: \(systemMessage(code))"
    case .deadline: "\(attempt) took too long"
    case .interrupted: "\(attempt) was given up"
    case .closed: "\(attempt) failed: the connection was closed by the other side"
    case .address(let text): text
    }
  }
}

/// The system's own words for an error number.
package func systemMessage(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 128)
  guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return ByteString(text).lowercasedASCII.string
}
