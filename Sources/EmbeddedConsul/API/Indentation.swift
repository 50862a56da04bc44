// `?pretty`: compact JSON laid out with four spaces, as Go's json.MarshalIndent does.

enum Indentation {
  static func indented(_ json: [UInt8]) -> [UInt8] {
    var laidOut: [UInt8] = []
    laidOut.reserveCapacity(json.count * 2)
    var depth = 0
    var isInString = false
    var isEscaped = false
    for (position, byte) in json.enumerated() {
      if isInString {
        laidOut.append(byte)
        isInString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        laidOut.append(byte)
        depth += 1
        // Empty ones stay on one line.
        if position + 1 < json.count, !"}]".utf8.contains(json[position + 1]) { lineEnd(&laidOut, depth) }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if position > 0, !"{[".utf8.contains(json[position - 1]) { lineEnd(&laidOut, depth) }
        laidOut.append(byte)
      case UInt8(ascii: ","):
        laidOut.append(byte)
        lineEnd(&laidOut, depth)
      case UInt8(ascii: ":"):
        laidOut += [byte, UInt8(ascii: " ")]
      default:
        laidOut.append(byte)
        isInString = byte == UInt8(ascii: "\"")
      }
    }
    return laidOut
  }

  private static func lineEnd(_ laidOut: inout [UInt8], _ depth: Int) {
    laidOut.append(UInt8(ascii: "\n"))
    laidOut += [UInt8](repeating: UInt8(ascii: " "), count: 4 * depth)
  }
}
