// Reads PEM line by line, and lets nothing pass that looks like a block and is not read as one.

struct PEMReader {
  private let lines: [ArraySlice<UInt8>]
  private let strayReturn: Int?
  /// Of the current line, from 0.
  private var index = 0

  init(_ bytes: [UInt8]) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for index in lines.indices where lines[index].last == UInt8(ascii: "\r") {
      // At the very end of the file no line feed follows, and nothing is lost.
      lines[index].removeLast()
    }
    self.lines = lines
    strayReturn = lines.firstIndex { $0.contains(UInt8(ascii: "\r")) }
  }

  mutating func blocks() throws(PEMFault) -> [PEM.Block] {
    if let strayReturn { throw PEMFault(line: strayReturn + 1, kind: .carriageReturn) }
    var blocks: [PEM.Block] = []
    while index < lines.count {
      let line = lines[index]
      if let label = Self.label(of: line, after: "BEGIN ") {
        blocks.append(try block(label))
      } else if Self.label(of: line, after: "END ") != nil {
        throw fault(.endWithoutBegin)
      } else if let kind = Self.suspicion(of: line) {
        throw fault(kind)
      }
      index += 1
    }
    return blocks
  }

  /// From the line of its BEGIN to that of its END.
  private mutating func block(_ label: String) throws(PEMFault) -> PEM.Block {
    let begin = index + 1
    var text: [UInt8] = []
    var headers: [UInt8] = []
    var isInHeaders = false
    while true {
      index += 1
      guard index < lines.count else { throw PEMFault(line: begin, kind: .noEnd) }
      let line = Self.trimmed(lines[index])
      let isHeader = isInHeaders || text.isEmpty && line.contains(UInt8(ascii: ":"))
      if line.contains(UInt8(ascii: "-")), !isHeader || line.starts(with: "--".utf8) {
        guard let end = Self.label(of: line, after: "END ") else { throw fault(.misspelt) }
        guard end.utf8.elementsEqual(label.utf8) else { throw fault(.otherEnd) }
        break
      }
      if line.isEmpty {
        isInHeaders = false
      } else if isHeader {
        // RFC 1421, section 4.6: they end with an empty line.
        isInHeaders = true
        headers += line
      } else {
        guard line.allSatisfy({ Self.value($0) != nil || $0 == UInt8(ascii: "=") }) else {
          throw fault(.notBase64)
        }
        text += line
      }
    }
    guard let der = Self.decode(text) else { throw PEMFault(line: begin, kind: .notBase64) }
    let isEncrypted = !headers.isEmpty && headers.contains("ENCRYPTED".utf8)
    return PEM.Block(label: label, line: begin, isEncrypted: isEncrypted, der: der)
  }

  private func fault(_ kind: PEMFault.Kind) -> PEMFault { PEMFault(line: index + 1, kind: kind) }

  /// Blanks behind the dashes are common, and OpenSSL reads on.
  private static func label(of line: ArraySlice<UInt8>, after word: String) -> String? {
    let line = trimmed(line)
    let start = Array("-----\(word)".utf8)
    let dashes = Array("-----".utf8)
    guard line.starts(with: start), line.count >= start.count + dashes.count,
      line.suffix(dashes.count).elementsEqual(dashes)
    else { return nil }
    let label = line.dropFirst(start.count).dropLast(dashes.count)
    // RFC 7468, section 3, and no lower case: nobody has such labels.
    guard let first = label.first, let last = label.last, first != 0x20, last != 0x20,
      label.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x20 })
    else { return nil }
    return String(decoding: label, as: UTF8.self)
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while line.last == 0x20 || line.last == 0x09 { line.removeLast() }
    return line
  }

  /// What a line outside a block may have been meant for.
  private static func suspicion(of line: ArraySlice<UInt8>) -> PEMFault.Kind? {
    if line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) { return .controlCharacter }
    let folded = foldedDashes(in: line)
    if folded.contains("-----begin ".utf8) || folded.contains("-----end ".utf8) {
      return line.starts(with: "-----".utf8) ? .misspelt : .begunLate
    }
    for word in ["begin", "end"] where folded.contains(word.utf8) {
      let isFramed = folded.contains("--\(word)".utf8) || folded.contains("-- \(word)".utf8)
      if isFramed
        || folded.contains("\(word) ".utf8) && trimmed(folded[...]).suffix(4).elementsEqual("----".utf8)
      {
        return .misspelt
      }
    }
    let names = [
      "begin certificate", "begin x509", "begin trusted", "begin private", "begin rsa", "begin ec",
    ]
    if names.contains(where: { folded.contains($0.utf8) }) { return .misspelt }
    let text = trimmed(line.drop { $0 == 0x20 || $0 == 0x09 })
    // A DER sequence begins with these letters, whatever its length is.
    if text.count >= 40, text.starts(with: "MI".utf8), text.allSatisfy({ value($0) != nil }) {
      return .strayBase64
    }
    return nil
  }

  /// In lower case, with dashes of any length as hyphens: U+2010 to U+2015, and U+2212.
  private static func foldedDashes(in line: ArraySlice<UInt8>) -> [UInt8] {
    var folded: [UInt8] = []
    var rest = line
    while let byte = rest.first {
      let isDash =
        rest.starts(with: [0xE2, 0x88, 0x92])
        || rest.starts(with: [0xE2, 0x80])
          && rest.dropFirst(2).first.map { (0x90...0x95).contains($0) } == true
      if isDash {
        folded += "--".utf8
        rest = rest.dropFirst(3)
      } else {
        folded.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        rest = rest.dropFirst()
      }
    }
    return folded
  }

  // MARK: base64

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  /// RFC 4648, section 4, padded.
  private static func decode(_ text: [UInt8]) -> [UInt8]? {
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard !text.isEmpty, text.count.isMultiple(of: 4), padding <= 2 else { return nil }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    for byte in text.dropLast(padding) {
      guard let value = value(byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return decoded
  }
}
