// Paths that hold nothing but what is served, so that they can be shown.

import HTTP

package enum ServedPath {
  /// Whether `path` is one of the five operations', with a valid name where a name belongs.
  package static func isServed(_ path: Span<UInt8>) -> Bool {
    if path.equals("/v1/peerings") || path.equals("/v1/peering/token") || path.equals("/v1/peering/establish")
    {
      return true
    }
    return path.count > 12 && path.extracting(first: 12).equals("/v1/peering/")
      && LabelGrammar.isLabel(path.extracting(droppingFirst: 12))
  }
}
