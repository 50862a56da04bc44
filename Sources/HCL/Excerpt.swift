// The part of a source line around a place, for a message about it.

import Bytes
import JSON

/// Fit for a terminal: what would steer it is escaped. As long as `HCLLimits.shownLineCharacters` allows, whatever the
/// line: a file of one line and a hundred thousand faults costs as many excerpts and not as many files.
struct Excerpt: Sendable, Hashable {
  private(set) var text = ""
  /// A second line that points at the place. Tabs are in both, so that it stands right whatever their width is.
  private(set) var caret = ""

  init(of source: Source, around position: Position) {
    let line = source.range(ofLine: position.line)
    let target = min(line.lowerBound + max(0, position.column - 1), line.upperBound)
    let (limit, bytes) = (HCLLimits.shownLineCharacters, source.bytes)
    let start = Excerpt.start(of: limit, before: target, in: line, bytes)
    let end = min(line.upperBound, target + 4 * limit)
    let before = Array(String(decoding: bytes[start..<target], as: UTF8.self).unicodeScalars)
    let after = String(decoding: bytes[target..<end], as: UTF8.self).unicodeScalars.prefix(limit)
    let scalars = before + after
    let shownCount = min(scalars.count, limit)
    let first = max(0, min(before.count - limit / 2, scalars.count - shownCount))
    let last = first + shownCount
    if first > 0 || start > line.lowerBound {
      text += "…"
      caret += " "
    }
    for index in first..<last {
      append(scalars[index], isPointer: index >= before.count)
    }
    if last < scalars.count || end < line.upperBound { text += "…" }
    caret += "^"
  }

  private mutating func append(_ scalar: Unicode.Scalar, isPointer: Bool) {
    let shown = scalar == "\t" ? "\t" : scalar.isInvisible ? scalar.escaped : String(scalar)
    text += shown
    if isPointer { return }
    if scalar == "\t" {
      caret += "\t"
    } else if !scalar.isCombining {
      caret += String(repeating: " ", count: shown.unicodeScalars.count)
    }
  }

  /// So many characters back, and no further than four bytes for each.
  private static func start(
    of characters: Int, before target: Int, in line: Range<Int>, _ bytes: [UInt8]
  ) -> Int {
    var (start, left) = (target, characters)
    let earliest = max(line.lowerBound, target - 4 * characters)
    while start > earliest, left > 0 {
      start -= 1
      if bytes[start] & 0xC0 != 0x80 { left -= 1 }
    }
    return start
  }
}

extension Unicode.Scalar {
  /// Stands on the character before it and takes no room of its own.
  fileprivate var isCombining: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: false
    }
  }
}
