// Queries as Go parses them.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct QueryStringTests {
  private func parsed(_ text: String) -> QueryString? { QueryString(Array(text.utf8)[...]) }

  @Test func `the first value counts and an empty first one hides the rest`() throws {
    let query = try #require(parsed("a=1&a=2&b=&b=x&%74oken=y+z&flag"))
    #expect(query.value("a") == "1")
    #expect(query.value("b") == nil)
    #expect(query.value("token") == "y z")
    #expect(query.has("flag"))
    #expect(!query.has("Flag"))
    #expect(!query.has("c"))
  }

  @Test(arguments: ["a=1;b=2", "x=%zz", "x=%2", "%=1", "a&b=%g0", ";"])
  func `a semicolon or a bad escape spoils the whole query`(text: String) {
    #expect(parsed(text) == nil)
  }

  @Test(arguments: ["", "&", "&&a&", "=", "=x", "a=b=c", "?pretty", "%3B=%3b"])
  func `odd but readable queries are read`(text: String) {
    #expect(parsed(text) != nil)
  }
}
