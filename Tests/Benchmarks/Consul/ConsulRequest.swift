// As much of a request as a canned Consul needs: where it ends, and which answer it asks for.

struct ConsulRequest: Equatable {
  enum Kind: Equatable {
    case object(name: Range<Int>)
    case list
    case token
    /// A blocking query: to be kept waiting.
    case waiting
    /// How many wait.
    case count
    case other
  }

  let kind: Kind
  /// Head and body together.
  let byteCount: Int

  /// The first request of `bytes`, or nil if it is not whole yet.
  init?(_ bytes: Span<UInt8>) {
    guard let headBytes = HeadEnd.find(in: bytes) else { return nil }
    let isPost = bytes[0] == UInt8(ascii: "P")
    var bodyBytes = 0
    if isPost {
      guard let length = HeadField.contentLength(of: bytes, headBytes: headBytes) else {
        self.init(kind: .other, byteCount: headBytes)
        return
      }
      bodyBytes = length
    }
    guard bytes.count >= headBytes + bodyBytes else { return nil }
    self.init(kind: Self.kind(bytes, isPost: isPost), byteCount: headBytes + bodyBytes)
  }

  private init(kind: Kind, byteCount: Int) {
    self.kind = kind
    self.byteCount = byteCount
  }

  private static let peering = Array("/v1/peering/".utf8)
  private static let list = Array("/v1/peerings".utf8)
  private static let held = Array("/held".utf8)

  private static func kind(_ bytes: Span<UInt8>, isPost: Bool) -> Kind {
    if isPost { return .token }
    let start = 4  // GET and its space
    var end = start
    var question: Int?
    while bytes[end] != UInt8(ascii: " "), bytes[end] != UInt8(ascii: "\r") {
      if bytes[end] == UInt8(ascii: "?") { question = question ?? end }
      end += 1
    }
    if question != nil { return .waiting }
    if begins(bytes, with: list, at: start) { return .list }
    if begins(bytes, with: peering, at: start) { return .object(name: start + peering.count..<end) }
    return begins(bytes, with: held, at: start) ? .count : .other
  }

  private static func begins(_ bytes: Span<UInt8>, with word: [UInt8], at start: Int) -> Bool {
    guard bytes.count >= start + word.count else { return false }
    for place in word.indices where bytes[start + place] != word[place] { return false }
    return true
  }
}
