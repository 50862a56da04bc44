// The answers of a server that is trusted to speak HTTP: their status, and where they end.

/// Reads one answer after the other. It costs next to nothing, because it looks only at what it needs; that the body
/// is the right one is compared byte for byte on each connection's first answer (`keepsBody`), and by length on all.
struct AnswerReader {
  enum Step: Equatable {
    case needsMore
    case complete
    case malformed
  }

  private enum State: Equatable {
    case head
    case counted(Int)
    case chunkSize(Int, hasDigits: Bool)
    case chunkLineEnd(Int)
    case chunk(Int)
    /// The line feed after a chunk.
    case chunkEnd
    /// The empty line after the last chunk: how many of its bytes have come.
    case trailer
  }

  private(set) var status = 0
  private(set) var bodyBytes = 0
  private(set) var body: [UInt8] = []
  private var keepsBody: Bool
  private var state = State.head

  init(keepingBody: Bool) { keepsBody = keepingBody }

  mutating func beginNext(keepingBody: Bool) { self = AnswerReader(keepingBody: keepingBody) }

  /// Takes bytes from the front; returns how many, and whether the answer is complete with them.
  mutating func take(_ bytes: Span<UInt8>) -> (consumed: Int, step: Step) {
    var place = 0
    if state == .head {
      guard let headBytes = HeadEnd.find(in: bytes) else { return (0, .needsMore) }
      guard readHead(bytes, headBytes) else { return (0, .malformed) }
      place = headBytes
    }
    while true {
      if state == .counted(0) { return (place, .complete) }
      guard place < bytes.count else { return (place, .needsMore) }
      switch state {
      case .head: return (place, .complete)
      case .counted(let rest):
        let count = keep(bytes, place, rest)
        state = .counted(rest - count)
        place += count
      case .chunk(let rest):
        let count = keep(bytes, place, rest)
        state = rest == count ? .chunkEnd : .chunk(rest - count)
        place += count
      default:
        guard let isComplete = readFraming(bytes[place]) else { return (place, .malformed) }
        place += 1
        if isComplete { return (place, .complete) }
      }
    }
  }

  private mutating func readHead(_ bytes: Span<UInt8>, _ headBytes: Int) -> Bool {
    guard headBytes > 12, bytes[0] == UInt8(ascii: "H") else { return false }
    for place in 9..<12 { status = status * 10 + Int(bytes[place]) - 48 }
    if let length = HeadField.contentLength(of: bytes, headBytes: headBytes) {
      state = .counted(length)
      return true
    }
    guard HeadField.isChunked(bytes, headBytes: headBytes) else { return false }
    state = .chunkSize(0, hasDigits: false)
    return true
  }

  private mutating func keep(_ bytes: Span<UInt8>, _ place: Int, _ rest: Int) -> Int {
    let count = min(rest, bytes.count - place)
    bodyBytes += count
    if keepsBody {
      unsafe bytes.extracting(place..<place + count).withUnsafeBytes { unsafe body += Array($0) }
    }
    return count
  }

  /// One byte of what stands around chunks; true if the answer ends with it, nil if it must not stand there.
  private mutating func readFraming(_ byte: UInt8) -> Bool? {
    switch state {
    case .chunkSize(let size, let hasDigits):
      if let digit = Self.digit(byte) {
        guard size < 1 << 40 else { return nil }
        state = .chunkSize(size * 16 + digit, hasDigits: true)
      } else {
        guard hasDigits else { return nil }
        state = byte == UInt8(ascii: "\n") ? afterSize(size) : .chunkLineEnd(size)
      }
    case .chunkLineEnd(let size): if byte == UInt8(ascii: "\n") { state = afterSize(size) }
    case .chunkEnd: if byte == UInt8(ascii: "\n") { state = .chunkSize(0, hasDigits: false) }
    case .trailer: return byte == UInt8(ascii: "\n")
    default: return nil
    }
    return false
  }

  private func afterSize(_ size: Int) -> State { size == 0 ? .trailer : .chunk(size) }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 55
    default: nil
    }
  }
}
