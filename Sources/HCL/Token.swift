// The words of the language.

import Bytes
import JSON

struct Token {
  enum Kind: Equatable {
    case identifier(ByteString)
    case string(ByteString)
    case number(String)
    /// One of `{ } [ ] , =`
    case mark(Character)
    case end
  }

  let kind: Kind
  let position: Position

  /// What messages call it when it stands where it must not. Strings are not shown: they may be secrets.
  var name: String {
    switch kind {
    case .identifier(let text): "word \(Quoting.unquoted(text))"
    case .string: "string"
    case .number: "number"
    case .mark(let mark): "'\(mark)'"
    case .end: "end of the file"
    }
  }
}
