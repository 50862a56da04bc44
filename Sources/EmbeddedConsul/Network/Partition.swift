// Admin partitions in the shape of Consul Enterprise.

import Bytes

enum Partition {
  static let standard: ByteString = "default"
  /// Lists every partition; valid for lists alone.
  static let wildcard: ByteString = "*"

  /// Enterprise names are case-insensitive DNS labels; an empty one means `default`.
  static func normalised(_ text: ByteString) -> ByteString {
    text.isEmpty ? standard : goLowercased(text)
  }
}
