// ALPN: which protocol is spoken inside TLS (RFC 7301).

enum ApplicationProtocol {
  /// What a client of ours offers, as the extension writes it: each name after its length.
  static let offer: [UInt8] = [8] + Array("http/1.1".utf8)

  /// The place of the best acceptable name in a client's list. http/1.0 is what curl offers when it is told to
  /// speak HTTP/1.0. Nil if there is none: then RFC 7301 3.2 has the server refuse with a fatal alert, which also keeps a
  /// connection meant for another protocol from being read as HTTP.
  static func choose(from offered: Span<UInt8>) -> Range<Int>? {
    for wanted in ["http/1.1", "http/1.0"] as [StaticString] {
      var start = 0
      while let name = name(at: start, in: offered) {
        if equal(offered, name, wanted) { return name }
        start = name.upperBound
      }
    }
    return nil
  }

  /// The names in a client's list, fit for a log line.
  static func names(in offered: Span<UInt8>) -> [String] {
    var names: [String] = []
    var start = 0
    while names.count < 8, let name = name(at: start, in: offered) {
      names.append(Quoted.text(name.map { offered[$0] }))
      start = name.upperBound
    }
    return names
  }

  private static func name(at start: Int, in list: Span<UInt8>) -> Range<Int>? {
    guard start < list.count else { return nil }
    let first = start + 1
    let end = first + Int(list[start])
    return end <= list.count ? first..<end : nil
  }

  private static func equal(_ list: Span<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    return range.allSatisfy { unsafe list[$0] == text.utf8Start[$0 - range.lowerBound] }
  }
}
