// An address costs time in proportion to its length.

import Support
import Testing

@testable import Sockets

@Suite struct LinearTimeTests {
  static let readers: [TextReader] = ["", "a:", "unix:///", "[", "a", "[::1]:"].map { start in
    TextReader("address that begins \"\(start)\"") { text in
      for end in ["", ":1", "]:1"] {
        do throws(SocketError) { _ = try Endpoint(parsing: start + text + end) } catch { _ = "\(error)" }
      }
    }
  }

  @Test(arguments: readers) func `is read in linear time`(reader: TextReader) {
    #expect(reader.superlinear() == [])
  }
}
