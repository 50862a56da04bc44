// The tokens of Consul's documentation, which everybody knows.
import Digests

/// Secrets printed in Consul's peering API documentation. The sample policies define them so that its example
/// requests work against a gate in development; anyone who loads them in production has given a key to everyone.
enum DevelopmentTokens {
  static let digests: Set<SHA256Digest> = Set(
    [
      "084ade34287a72a528d5477b8d4135e1b65b20f1fdf83872abdd96823aa3d2f5",
      "befbddda5fbc6229b25e3f8c7668f68e09238c9730f566b849e152d419bd9b5f",
      "2011b4a747a7073a16d6b0c9c1067409fcb8c4aaa667edb6ba6013d65d04d665",
    ].compactMap { SHA256Digest(hexadecimal: $0) })
}
