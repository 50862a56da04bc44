// Profiles: callgrind's and strace's files read, and instructions charged to whom they served.

import Testing

@testable import benchmarks

@Suite struct ProfileTests {
  /// Gate calls malloc and, through the Swift runtime, malloc again; Audit calls malloc once.
  private static let file = """
    # callgrind format
    events: Ir
    positions: line

    ob=(1) /build/peergate
    fl=(1) ???
    fn=(1) $s4Gate8ExchangeC3runyyF
    10 100
    +2 50
    cob=(2) /usr/lib/libc.so.6
    cfi=(2) malloc.c
    cfn=(2) malloc
    calls=3 20
    * 300
    cob=(3) /swift/libswiftCore.so
    cfn=(3) swift_allocObject
    calls=1 5
    11 150

    fn=(4) $s5Audit7JournalV
    5 20
    cob=(2)
    cfn=(2)
    calls=1 20
    6 100

    ob=(3)
    fn=(3)
    7 50
    cob=(2)
    cfn=(2)
    calls=1 20
    8 100

    ob=(2)
    fn=(2)
    20 500
    """

  private func function(_ object: String, _ name: String) -> CallgrindProfile.Function {
    CallgrindProfile.Function(object: object, name: name)
  }

  @Test func `own cost and calls are told apart`() throws {
    let profile = try CallgrindProfile(Self.file)
    #expect(profile.own[function("peergate", "$s4Gate8ExchangeC3runyyF")] == 150)
    #expect(profile.own[function("libc.so.6", "malloc")] == 500)
    #expect(profile.own[function("libswiftCore.so", "swift_allocObject")] == 50)
    #expect(profile.total == 720)
    let call = CallgrindProfile.Call(
      caller: function("libswiftCore.so", "swift_allocObject"), callee: function("libc.so.6", "malloc"))
    #expect(profile.calls[call] == 100)
  }

  @Test func `a library's cost is its callers', and nothing is lost`() throws {
    let table = LayerTable(try CallgrindProfile(Self.file), requests: 10)
    let gate = try #require(table.rows["Gate"])
    #expect(gate.own == 15)
    // Four fifths of malloc, one of which by way of the runtime.
    #expect(abs((gate.libraries[.system] ?? 0) - 40) < 0.001)
    #expect(abs((gate.libraries[.swiftRuntime] ?? 0) - 5) < 0.001)
    #expect(abs((table.rows["Audit"]?.libraries[.system] ?? 0) - 10) < 0.001)
    #expect(abs(table.rows.values.map(\.sum).reduce(0, +) - table.perRequest) < 0.001)
  }

  @Test func `the difference of two runs is what the requests between cost`() throws {
    let one = try CallgrindProfile(Self.file)
    let difference = one - one
    #expect(difference.total == 0)
    #expect((one - CallgrindProfile()).total == one.total)
  }

  @Test func `an empty file is no profile`() {
    #expect(throws: Trouble.self) { try CallgrindProfile("# callgrind format\nevents: Ir\n") }
  }

  @Test(arguments: [
    ("$s4Gate8ExchangeC", "Gate"), ("$s7Sockets9EventLoopC3runyyF", "Sockets"), ("$s3TLS7SessionC", "TLS"),
    ("$sSa6appendyyxnF", "Swift"), ("$s7Logging6LoggerV", "peergate"), ("clinux_accept", "Sockets"),
    ("swift_retain", "Swift"), ("$s4HTTP12RequestParserV5parsey'2", "HTTP"),
  ])
  func `a mangled name tells its layer`(_ symbol: String, _ layer: String) {
    #expect(Layer.layer(ofSymbol: symbol) == layer)
  }

  @Test func `system calls are counted with and without errors`() {
    let summary = """
      % time     seconds  usecs/call     calls    errors syscall
      ------ ----------- ----------- --------- --------- ----------------
       50.00    0.001000           1      2000           sendto
       25.00    0.000500           1      2500       500 recvfrom
      ------ ----------- ----------- --------- --------- ----------------
      100.00    0.001500           1      4500       500 total
      """
    let calls = SystemCalls(summary: summary)
    #expect(calls == SystemCalls(["sendto": 2_000, "recvfrom": 2_500]))
    #expect((calls - SystemCalls(["sendto": 1_000])).counts == ["sendto": 1_000, "recvfrom": 2_500])
    #expect(calls.text(requests: 1_000).contains("recvfrom"))
  }
}
