// Which handler a target reaches: Go's ServeMux over the five peering paths.

import Bytes

/// Segments are decoded one by one before they are compared, so `%74oken` is `token` and `%2F` separates
/// nothing. Paths with `.`, `..` or empty segments are sent elsewhere with 301, without any check of rights.
enum Route: Sendable, Hashable {
  case generate
  case establish
  case list
  /// The decoded rest of the path after `/v1/peering/`, which may hold anything, even what is not UTF-8.
  case named([UInt8])
  /// Everything else, by its decoded path.
  case other(ByteString)
  case redirect(ByteString)
  /// Go's own answers: 400 for a target that is none, and what `*` gets.
  case badTarget
  case asterisk
  /// Refused before any routing: a path with characters that cannot be printed.
  case unprintable

  static func resolve(method: ByteString, target: [UInt8]) -> (route: Route, query: ArraySlice<UInt8>) {
    if target == [UInt8(ascii: "*")] { return (.asterisk, []) }
    var rest = target[...]
    if method == "CONNECT", rest.first != UInt8(ascii: "/") {
      // Authority form: there is no path, and Go sends it to the root.
      return (.redirect("/"), [])
    }
    if rest.first != UInt8(ascii: "/") {
      guard let path = pathOfAbsoluteForm(rest) else { return (.badTarget, []) }
      rest = path
    }
    let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
    let raw = rest[..<mark]
    let query = rest[mark...].dropFirst()
    if raw.contains(where: { $0 == UInt8(ascii: " ") || $0 < 0x20 || $0 == 0x7F }) {
      return (.badTarget, query)
    }
    guard let decoded = PercentEncoding.decode(raw) else { return (.badTarget, query) }
    if !goText(decoded).string.unicodeScalars.allSatisfy(isGoPrintable) { return (.unprintable, query) }
    let escaped = PercentEncoding.escapedPath(raw: raw, decoded: decoded)
    let clean = method == "CONNECT" ? escaped : cleaned(escaped)
    let segments = clean.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { PercentEncoding.decode($0) ?? Array($0) }
    if segments == [Array("v1".utf8), Array("peering".utf8)] {
      return (.redirect(location(cleaned(decoded) + [UInt8(ascii: "/")], query)), query)
    }
    // The cleaned path is escaped already and is escaped once more here, as Go does.
    if clean != escaped { return (.redirect(location(clean, query)), query) }
    return (match(segments, decoded: decoded), query)
  }

  private static func match(_ segments: [[UInt8]], decoded: [UInt8]) -> Route {
    let names = segments.prefix(3).map(goText)
    switch (names, segments.count) {
    case (["v1", "peering", "token"], 3): return .generate
    case (["v1", "peering", "establish"], 3): return .establish
    case (["v1", "peerings"], 2): return .list
    case (_, 3...) where names[0] == "v1" && names[1] == "peering":
      return .named(Array(decoded.dropFirst("/v1/peering/".utf8.count)))
    default: return .other(goText(decoded))
    }
  }

  /// `http://host/path`: the host is not looked at.
  private static func pathOfAbsoluteForm(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let beginning = goText(Array(target.prefix(8))).lowercasedASCII
    let schemes: [ByteString] = ["http://", "https://"]
    guard let scheme = schemes.first(where: { beginning.hasPrefix($0) }) else { return nil }
    let authority = target.dropFirst(scheme.utf8.count)
    let slash =
      authority.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? authority.endIndex
    return authority[slash...]
  }

  /// Go's `path.Clean` with the trailing slash kept.
  private static func cleaned(_ path: [UInt8]) -> [UInt8] {
    var kept: [ArraySlice<UInt8>] = []
    let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for part in parts where !part.isEmpty && part != [UInt8(ascii: ".")] {
      if part == [UInt8(ascii: "."), UInt8(ascii: ".")] { _ = kept.popLast() } else { kept.append(part) }
    }
    var clean = [UInt8(ascii: "/")] + kept.joined(separator: [UInt8(ascii: "/")])
    if path.last == UInt8(ascii: "/"), clean.count > 1 { clean.append(UInt8(ascii: "/")) }
    return clean
  }

  private static func location(_ path: [UInt8], _ query: ArraySlice<UInt8>) -> ByteString {
    var location = PercentEncoding.encodePath(path)
    if !query.isEmpty { location += [UInt8(ascii: "?")] + query }
    return goText(location)
  }
}
