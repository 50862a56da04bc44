// Text from outside, made fit for a terminal and a log line.

extension Unicode.Scalar {
  /// Whether nobody sees it, or it changes how what is around it is shown: control characters, the marks that turn the
  /// direction of writing, zero-width and other ignorable characters, tags, and the two separators of lines that only
  /// some programs break a line at (Unicode general categories Cc, Cf, Zl, Zp, and Default_Ignorable_Code_Point).
  package var isInvisible: Bool {
    if value < 0x80 { return value < 0x20 || value == 0x7F }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
    }
  }

  /// `\u202e`, or beyond the first 65,536 `\U000e0041`: the escape by which HCL writes it.
  package var escaped: String {
    let digits = String(value, radix: 16)
    return (value > 0xFFFF ? "\\U" : "\\u")
      + String(repeating: "0", count: (value > 0xFFFF ? 8 : 4) - digits.count) + digits
  }

  /// `U+202E`, as messages name it.
  package var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension ByteString {
  /// The same text with each invisible character written as its escape: what somebody else wrote cannot steer a
  /// terminal, forge a line or hide in one.
  package var shown: String { string.shown(keepingLayout: false) }

  package var firstInvisible: Unicode.Scalar? {
    guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return nil }
    return string.unicodeScalars.first(where: \.isInvisible)
  }
}

extension String {
  /// As `ByteString.shown`; line feeds and tabs stay where the text has several lines of our own making.
  package func shown(keepingLayout: Bool) -> String {
    guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return self }
    var shown = ""
    for scalar in unicodeScalars {
      if scalar.isInvisible, !(keepingLayout && (scalar == "\n" || scalar == "\t")) {
        shown += scalar.escaped
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
