// Text as Go prints and compares it.

import Bytes

/// Go's `%q`: a double-quoted literal in which everything unprintable is escaped.
func goQuoted(_ text: ByteString) -> String { "\"\(goEscaped(text))\"" }

/// The same without the quotation marks.
func goEscaped(_ text: ByteString) -> String {
  var quoted = ""
  for scalar in text.string.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\u{07}": quoted += "\\a"
    case "\u{08}": quoted += "\\b"
    case "\u{0C}": quoted += "\\f"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    case "\u{0B}": quoted += "\\v"
    case _ where isGoPrintable(scalar): quoted.unicodeScalars.append(scalar)
    case _ where scalar.value < 0x80: quoted += "\\x" + hexadecimal(scalar.value, width: 2)
    case _ where scalar.value < 0x10000: quoted += "\\u" + hexadecimal(scalar.value, width: 4)
    default: quoted += "\\U" + hexadecimal(scalar.value, width: 8)
    }
  }
  return quoted
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
func isGoPrintable(_ scalar: Unicode.Scalar) -> Bool {
  if scalar == " " { return true }
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
    .paragraphSeparator:
    return false
  default:
    return true
  }
}

/// Go's `strings.ToLower` as far as it can matter for a peer name: of all letters beyond ASCII only these two
/// become ASCII ones.
func goLowercased(_ text: ByteString) -> ByteString {
  var lowered = String.UnicodeScalarView()
  for scalar in text.string.unicodeScalars {
    switch scalar {
    case "A"..."Z": lowered.append(Unicode.Scalar(UInt8(scalar.value) + 32))
    case "\u{130}": lowered.append("i")
    case "\u{212A}": lowered.append("k")
    default: lowered.append(scalar)
    }
  }
  return ByteString(String(lowered))
}

func hexadecimal(_ value: UInt32, width: Int) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
