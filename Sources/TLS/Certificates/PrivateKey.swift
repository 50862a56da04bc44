// A private key: as an OpenSSL object while it is used, as bytes that print as nothing while it waits.

internal import COpenSSL

/// The DER bytes of a private key.
package struct PrivateKeyBytes: Sendable, CustomStringConvertible, CustomReflectable {
  let der: [UInt8]

  package var description: String { "(private key)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Owns an EVP_PKEY.
@safe struct PrivateKey: ~Copyable {
  private let handle: Owned

  init(adopting pointer: OpaquePointer) {
    unsafe handle = Owned(adopting: pointer, freeing: { unsafe EVP_PKEY_free($0) })
  }

  /// PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), whichever the bytes are.
  static func decode(_ bytes: PrivateKeyBytes) -> PrivateKey? {
    let decoded = unsafe bytes.der.withUnsafeBufferPointer { bytes in
      unsafe Call.attempt { () -> OpaquePointer? in
        var position = bytes.baseAddress
        return unsafe d2i_AutoPrivateKey(nil, &position, bytes.count)
      }
    }
    guard case .made(let pointer) = unsafe decoded else { return nil }
    return unsafe PrivateKey(adopting: pointer)
  }

  borrowing func lend<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try handle.lend(body)
  }

  /// PKCS#8.
  var bytes: PrivateKeyBytes {
    get throws(TLSError) {
      try unsafe handle.lend { (key) throws(TLSError) in
        let unpacked = try unsafe Owned.adopt(
          "EVP_PKEY2PKCS8", freeing: { unsafe PKCS8_PRIV_KEY_INFO_free($0) }
        ) {
          unsafe EVP_PKEY2PKCS8(key)
        }
        return unsafe unpacked.lend { unpacked in
          let count = unsafe max(0, Int(i2d_PKCS8_PRIV_KEY_INFO(unpacked, nil)))
          return unsafe PrivateKeyBytes(
            der: [UInt8](unsafeUninitializedCapacity: count) { space, filled in
              var position = space.baseAddress
              filled = unsafe max(0, Int(i2d_PKCS8_PRIV_KEY_INFO(unpacked, &position)))
            })
        }
      }
    }
  }

  /// SubjectPublicKeyInfo, as `openssl pkey -pubout -outform DER` prints it.
  var publicKey: [UInt8] {
    unsafe handle.lend { key in
      let count = unsafe max(0, Int(i2d_PUBKEY(key, nil)))
      return unsafe [UInt8](unsafeUninitializedCapacity: count) { space, filled in
        var position = space.baseAddress
        filled = unsafe max(0, Int(i2d_PUBKEY(key, &position)))
      }
    }
  }

  /// What kind of key it is, if TLS clients commonly speak no signature with it: of curves there are three in TLS 1.3
  /// (RFC 8446 4.2.3), and of what stands beside ECDSA and RSA, Ed25519. Nil if they do.
  var unspokenKind: String? {
    unsafe handle.lend { key in
      switch unsafe EVP_PKEY_get_base_id(key) {
      case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS, EVP_PKEY_ED25519: return nil
      case EVP_PKEY_EC:
        var name = [CChar](repeating: 0, count: 80)
        var count = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else {
          return "on a curve without a name"
        }
        let text = name.prefix(count).map { UInt8(bitPattern: $0) }
        let isSpoken = ["prime256v1", "secp384r1", "secp521r1"].contains { $0.utf8.elementsEqual(text) }
        return isSpoken ? nil : "on the curve \(Quoted.text(text))"
      default:
        return unsafe EVP_PKEY_get0_type_name(key).map { unsafe "\(String(cString: $0))" }
          ?? "of an unknown kind"
      }
    }
  }

  borrowing func belongs(to certificate: borrowing Certificate) -> Bool {
    unsafe handle.lend { key in
      unsafe certificate.lend { certificate in
        let matches = Call.attempt { unsafe X509_check_private_key(certificate, key) == 1 ? true : nil }
        if case .made = matches { return true }
        return false
      }
    }
  }
}
