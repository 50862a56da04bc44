// Clients as our own code would never make them: old versions, weak suites, other protocols.

import COpenSSL
import Sockets
import Support

@testable import TLS

extension ClientContext {
  /// Changes the SSL_CTX under a client that was made properly.
  func altered(_ change: (OpaquePointer) -> Void) -> ClientContext {
    unsafe handle.lend { unsafe change($0) }
    return self
  }

  func speaking(only version: Int32) -> ClientContext {
    unsafe altered { context in
      unsafe SSL_CTX_set_security_level(context, 0)
      if version < TLS1_2_VERSION { _ = unsafe SSL_CTX_set_cipher_list(context, "ALL") }
      _ = unsafe COpenSSL_SSL_CTX_set_min_proto_version(context, version)
      _ = unsafe COpenSSL_SSL_CTX_set_max_proto_version(context, version)
    }
  }

  func speaking(only version: ProtocolVersion) -> ClientContext { speaking(only: version.wire) }

  func offering(protocols: [String]) -> ClientContext {
    let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    return unsafe altered { context in
      _ = unsafe SSL_CTX_set_alpn_protos(context, list, UInt32(list.count))
    }
  }

  func offering(suites: String) -> ClientContext {
    unsafe altered { context in
      unsafe SSL_CTX_set_security_level(context, 0)
      _ = unsafe SSL_CTX_set_cipher_list(context, suites)
    }
  }

  func offering(groups: String) -> ClientContext {
    unsafe altered { context in _ = unsafe COpenSSL_SSL_CTX_set1_groups_list(context, groups) }
  }
}
