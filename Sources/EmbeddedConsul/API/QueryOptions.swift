// Blocking and consistency options of a read or a list.

import Bytes

struct QueryOptions: Sendable, Hashable {
  /// 0: answer at once.
  let minimumIndex: UInt64
  /// Before the jitter.
  let wait: Duration

  /// Consul writes 400 for these and then goes on with the query; here the request ends with them.
  struct Fault: Error, Sendable {
    let text: String
  }

  /// In Consul's order: consistency, Cache-Control, wait, index.
  static func parse(_ query: QueryString, cacheControl: ByteString) throws(Fault) -> QueryOptions {
    if let text = query.value("max_stale"), GoDuration.parse(text) == nil {
      throw Fault(text: "Invalid max_stale value \(goQuoted(text))")
    }
    let isStale = query.has("stale") || (query.value("max_stale").flatMap(GoDuration.parse) ?? .zero) > .zero
    if query.has("consistent"), isStale {
      throw Fault(text: "Cannot specify ?stale with ?consistent, conflicting semantics.")
    }
    if query.has("consistent"), query.has("cached") {
      throw Fault(text: "Cannot specify ?cached with ?consistent, conflicting semantics.")
    }
    try check(cacheControl: cacheControl)
    var wait = Duration.zero
    if let text = query.value("wait") {
      guard let duration = GoDuration.parse(text) else { throw Fault(text: "Invalid wait time") }
      wait = duration
    }
    var index: UInt64 = 0
    if let text = query.value("index") {
      guard text.utf8.allSatisfy(isDigit), let number = UInt64(text.string) else {
        throw Fault(text: "Invalid index")
      }
      index = number
    }
    if wait <= .zero { wait = .seconds(ConsulLimits.defaultWaitSeconds) }
    return QueryOptions(minimumIndex: index, wait: min(wait, .seconds(ConsulLimits.maximumWaitSeconds)))
  }

  /// Whole seconds, nothing else; both directives are then ignored, since peerings are never cached.
  private static func check(cacheControl: ByteString) throws(Fault) {
    for directive in cacheControl.lowercasedASCII.utf8.split(separator: UInt8(ascii: ",")) {
      let trimmed = directive.drop { $0 == 0x20 || $0 == 0x09 }
      for prefix in ["max-age=", "stale-if-error="] where trimmed.starts(with: prefix.utf8) {
        let seconds = trimmed.dropFirst(prefix.utf8.count)
        if Int(Substring(seconds)) == nil { throw Fault(text: "Invalid Cache-Control header.") }
      }
    }
  }
}
