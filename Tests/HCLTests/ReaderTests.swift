// Known keys taken once, and everything else reported.

import Bytes
import HCL
import JSON
import Testing

@Suite struct ReaderTests {
  private func read(_ text: String, file: String = "x.hcl") throws -> (
    found: [String], diagnostics: [Diagnostic]
  ) {
    let report = Report()
    let document = try HCL.Document.parse(Source(file: file, text: text))
    let found = readSample(document, into: report)
    return (found, report.diagnostics.sorted())
  }

  @Test(arguments: VectorFile.cases("reader.txt"))
  func `every fault is reported with its place`(_ vector: VectorFile.Case) throws {
    let diagnostics = try read(vector.input).diagnostics
    #expect(diagnostics.map { $0.rendered + "\n" }.joined() == vector.expected)
  }

  private static let sample = """
    name    = "x"
    count   = 0x0A
    enabled = true
    tags    = ["a", "b"]
    timeout = "1s500ms"
    peering = "read"
    peering "hub" { policy = "deny" }
    peering "edge" { policy = "write" }
    link "a" "b" { policy = "read" }
    listener { address = "127.0.0.1:1" }
    """
  private static let found = [
    "name = x", "count = 10", "enabled = true", #"tags = ["a", "b"]"#, "timeout = 1.5 seconds",
    "peering = read",
    #"peering "hub": deny"#, #"peering "edge": write"#, #"link "a" "b": read"#, "address = 127.0.0.1:1",
  ]

  @Test func `every kind of value is read`() throws {
    let (found, diagnostics) = try read(Self.sample)
    #expect(found == Self.found)
    #expect(diagnostics.isEmpty)
  }

  /// One object with labels as keys, a list of such objects, and both notations in one.
  @Test(arguments: [
    #"{"name":"x","peering":{"hub":{"policy":"deny"},"edge":{"policy":"write"}},"listener":{"address":"a"}}"#,
    """
    {"name": "x", "peering": [{"hub": {"policy": "deny"}}, {"edge": {"policy": "write"}}],
     "listener": [{"address": "a"}]}
    """,
    """
    {"name": "x", "peering": {"hub": [{"policy": "deny"}], "edge": [{"policy": "write"}]},
     "listener": {"address": "a"}}
    """,
    """
    name = "x"
    peering = { hub = { policy = "deny" } edge = { policy = "write" } }
    listener = { address = "a" }
    """,
    """
    name = "x"
    peering "hub" { policy = "deny" }
    peering = { edge = { policy = "write" } }
    listener { address = "a" }
    """,
  ])
  func `blocks may be written as objects`(_ text: String) throws {
    let (found, diagnostics) = try read(text)
    #expect(found == ["name = x", #"peering "hub": deny"#, #"peering "edge": write"#, "address = a"])
    #expect(diagnostics.isEmpty)
  }

  @Test func `two labels are two levels`() throws {
    let text =
      #"{"name":"x","link":{"a":{"b":{"policy":"read"},"c":{"policy":"deny"}},"d":{"e":{"policy":"write"}}}}"#
    let (found, diagnostics) = try read(text)
    #expect(found.dropFirst() == [#"link "a" "b": read"#, #"link "a" "c": deny"#, #"link "d" "e": write"#])
    #expect(diagnostics.isEmpty)
  }

  @Test func `an empty list where blocks belong is an error, in JSON too`() throws {
    let (found, diagnostics) = try read(#"{"name":"x","peering":[]}"#, file: "x.json")
    #expect(found == ["name = x"])
    #expect(
      diagnostics.map(\.description) == [
        "x.json:1:23: error: peering is an empty list, expected a block; leave it out if none is meant"
      ])
  }

  @Test func `a repeated block in JSON is found by its place`() throws {
    let text = "{\"name\":\"x\",\n\"listener\":[{\"address\":\"a\"},{\"address\":\"b\"}]}"
    let diagnostics = try read(text).diagnostics
    #expect(diagnostics.map(\.message) == [#"a second block "listener" in the file, the first is at 2:1"#])
  }

  @Test(arguments: [
    ("1h", 3_600_000), ("1m", 60_000), ("90s", 90_000), ("250ms", 250), ("1h30m", 5_400_000),
    ("1m1s1ms", 61_001),
    ("0s", 0), ("007s", 7000),
  ])
  func `durations are read as Consul writes them`(_ text: String, _ milliseconds: Int) {
    #expect(Reader.duration(ByteString(text)) == .milliseconds(milliseconds))
  }

  @Test(arguments: [
    "", "1", "s", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S", "1d", "1s1m", "1s1s", "1us", "١s",
    "9223372036854775807h", "9223372036854775807ms1s", "99999999999999999999s",
  ])
  func `other texts are no durations`(_ text: String) {
    #expect(Reader.duration(ByteString(text)) == nil)
  }
}

@Suite struct SuggestionTests {
  private let known: [ByteString] = ["policy", "policies", "peering", "peering_prefix", "token"]

  @Test(arguments: [
    ("polcy", "policy"), ("Policy", "policy"), ("PEERING", "peering"), ("peernig", "peering"),
    ("peering_prefx", "peering_prefix"),
    ("tokens", "token"), ("otken", "token"),
  ])
  func `a near word is suggested`(_ word: String, _ nearest: String) {
    #expect(Suggestion.nearest(to: ByteString(word), among: known) == ByteString(nearest))
  }

  @Test(arguments: ["", "x", "to", "node", "perry", "secret", String(repeating: "policy", count: 1000)])
  func `a far word suggests nothing`(_ word: String) {
    #expect(Suggestion.nearest(to: ByteString(word), among: known) == nil)
  }
}
