// benchmarks audit: what the record costs, by its guarantee.

import ArgumentParser

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Compare the gate with itself under each guarantee of its record.",
    discussion: """
      'ratio' is the first row's cost over that row's: 1.10 says that the first costs a tenth more. Of \
      allowed reads less or nothing is recorded with the levels reduced and none; of a denial, nothing less than all. \
      With best-effort to /dev/null records are made and kept nowhere. With durable, a decision waits for \
      the disk, together with all that wait at the same time: of 64 clients, about 64 kB of lines for each fsync. The \
      disk is that of TMPDIR. The more clients at once, the more lines go out in one write, and the less each costs: \
      'enforced' is compared with 'none' for more of them, too.
      """)

  @OptionGroup var effort: Effort

  @Option(help: "The gate to measure; that of this build by default.")
  var program: String?

  func run() throws {
    let gate = try program ?? PeerSearch.ownGate
    let enforced = Peergate(program: gate, variant: "enforced")
    let none = Peergate(program: gate, variant: "none", audit: Self.level("none"))
    let variants = [
      enforced,
      Peergate(
        program: gate, variant: "signed", audit: "path = \"audit.jsonl\"  key_file = \"\(Peergate.keyFile)\""),
      Peergate(program: gate, variant: "best-effort", audit: Self.file("audit.jsonl", "best-effort")),
      Peergate(program: gate, variant: "reduced", audit: Self.level("reduced")),
      none,
      Peergate(program: gate, variant: "kept nowhere", audit: Self.file("/dev/null", "best-effort")),
    ]
    let durable = Peergate(program: gate, variant: "durable", audit: Self.file("audit.jsonl", "durable"))
    try effort.play { tournament, record in
      for workload in [Workload.allowedGet, Workload.deniedGet] {
        try tournament.play(workload, variants, setting: effort.setting, into: &record)
        Console.show(
          Comparison(
            workload: workload, record: record, peers: variants,
            title: "what the record costs: \(workload.title)"
          ).text)
      }
      for clients in [2, 4].map({ $0 * effort.connections }) {
        var workload = Workload.allowedGet
        workload.connections = clients
        var more = Record()
        try tournament.play(workload, [enforced, none], setting: effort.setting, into: &more)
        Console.show(
          Comparison(
            workload: workload, record: more, peers: [enforced, none],
            title: "what the record costs with \(clients) clients: \(workload.title)"
          ).text)
        record.add(more, as: "\(clients) clients")
      }
      var crowded = tournament
      crowded.connections = Self.clients
      var workload = Workload.deniedGet
      workload.connections = Self.clients
      var second = Record()
      try crowded.play(workload, [durable, enforced], setting: effort.setting, into: &second)
      Console.show(
        Comparison(
          workload: workload, record: second, peers: [durable, enforced],
          title: "audited decisions of \(Self.clients) clients: \(workload.title)"
        ).text)
      record.add(second, as: "durable")
    }
  }

  private static let clients = 64

  private static func level(_ level: String) -> String {
    "path = \"audit.jsonl\"\n levels { read = \"\(level)\" }"
  }

  private static func file(_ path: String, _ guarantee: String) -> String {
    "path = \"\(path)\"  delivery_guarantee = \"\(guarantee)\""
  }
}
