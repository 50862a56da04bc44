// Admin partitions in the shape of Consul Enterprise.

enum Partition {
  static let standard = "default"
  /// Lists every partition; valid for lists alone.
  static let wildcard = "*"

  /// Enterprise names are case-insensitive DNS labels; an empty one means `default`.
  static func normalised(_ text: String) -> String {
    text.isEmpty ? standard : goLowercased(text)
  }
}
