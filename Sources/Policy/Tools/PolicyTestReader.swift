// Test blocks.
//
//   test        = 'test "' what it shows '" {'
//                   'token = "' name or anonymous '"'          or the names of a certificate alone
//                   'operation =' one of the five, or a list of them
//                   'peer =' a name, or a list of them         for all operations but list
//                   'expect =' ( "allow" / "deny" )
//                   [ 'by = "' rule without braces, or reason '"' ] [ 'policy = "' name '"' ]
//                   [ 'partition =' name ] [ 'at =' date-time ] [ 'source =' address ]
//                   [ 'san_uri = [' names ']' ] [ 'san_dns = [' names ']' ]
//                   [ 'shows = [' names ']' ] [ 'hides = [' names ']' ]      for a list
//                 '}'
import Bytes
import HCL
import JSON
import Peering

struct PolicyTestReader {
  let source: Source
  let places: PlaceMaker
  let report: Report

  func test(_ block: Block) -> PolicyTest? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let connection = connection(&reader)
    let caller = caller(&reader, connection)
    let operations = operations(&reader)
    let peers = names("peer", &reader)
    let partition = partition(&reader)
    let instant = instant(&reader)
    let expectation = expectation(&reader)
    let by = reader.string("by")?.value
    let policy = reader.string("policy")?.value
    let shows = names("shows", &reader) ?? []
    let hides = names("hides", &reader) ?? []
    let questions = questions(operations, peers, partition, &reader)
    if !(shows + hides).isEmpty, !operations.contains(.list) || expectation == false {
      reader.error(
        at: block.position,
        "shows and hides say what a list holds, expected operation = \"list\" and expect = \"allow\"")
    }
    reader.finish()
    guard let caller, let expectation else { return nil }
    return PolicyTest(
      title: block.labels[0].value, place: places.place(block.position), caller: caller, questions: questions,
      connection: connection, instant: instant, isAllowed: expectation,
      by: by.map { ByteString(String(decoding: $0.utf8.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)) },
      policy: policy, shows: shows, hides: hides)
  }

  private func connection(_ reader: inout Reader) -> PolicyAttributes {
    var address: Address?
    if let text = reader.string("source") {
      address = Address(text.value.string)
      if address == nil {
        reader.error(at: text.position, "source is no address, expected one such as \"10.1.2.3\"")
      }
    }
    let uris = reader.strings("san_uri") ?? []
    let dnsNames = reader.strings("san_dns") ?? []
    return PolicyAttributes(
      source: address, certificateURIs: uris.map(\.value.string),
      certificateDNSNames: dnsNames.map(\.value.string))
  }

  private func caller(_ reader: inout Reader, _ connection: PolicyAttributes) -> PolicyTest.Caller? {
    guard let name = reader.string("token") else {
      if connection.hasCertificateNames { return .certificate }
      reader.reportMissing(
        "token", hint: ", expected the name of a token block, or \"anonymous\" for who brings none")
      return nil
    }
    return name.value == "anonymous" ? .anonymous : .token(name.value)
  }

  private func operations(_ reader: inout Reader) -> [Operation] {
    guard let texts = reader.stringOrStrings("operation") else {
      reader.reportMissing("operation", hint: ", expected one or a list of \(Self.operationNames)")
      return []
    }
    var seen: Set<ByteString> = []
    return texts.compactMap { text in
      // Each stands for a question about each name, so one that is repeated would be asked as often.
      guard seen.insert(text.value).inserted else {
        reader.error(at: text.position, "\(Quoting.quoted(text.value)) stands here a second time; keep one")
        return nil
      }
      let operation = Operation.allCases.first { ByteString($0.rawValue) == text.value }
      if operation == nil {
        reader.error(
          at: text.position,
          "\(Quoting.quoted(text.value)) is no operation, expected one of \(Self.operationNames)")
      }
      return operation
    }
  }

  private func names(_ key: ByteString, _ reader: inout Reader) -> [PeerName]? {
    reader.stringOrStrings(key)?.compactMap { text in
      let peer = PeerName(text.value.string)
      if peer == nil {
        reader.error(at: text.position, "no peer can be named \(Quoting.quoted(text.value))")
      }
      return peer
    }
  }

  private func questions(
    _ operations: [Operation], _ peers: [PeerName]?, _ partition: Partition, _ reader: inout Reader
  ) -> [Question] {
    if peers == nil, operations.contains(where: { $0 != .list }) {
      reader.reportMissing("peer", hint: ", expected a name or a list of names")
    }
    if peers != nil, !operations.isEmpty, operations.allSatisfy({ $0 == .list }) {
      reader.error(at: reader.position, "a list asks for no peer, expected shows = […] or hides = […]")
    }
    return operations.flatMap { operation in
      if operation == .list { return [Question(operation: .list, peer: nil, partition: partition)] }
      return (peers ?? []).map { Question(operation: operation, peer: $0, partition: partition) }
    }
  }

  private func partition(_ reader: inout Reader) -> Partition {
    guard let text = reader.string("partition") else { return .default }
    guard let partition = Partition(text.value.string) else {
      reader.error(at: text.position, "no partition can be named \(Quoting.quoted(text.value))")
      return .default
    }
    return partition
  }

  private func instant(_ reader: inout Reader) -> Timestamp? {
    guard let text = reader.string("at") else { return nil }
    let instant = Timestamp(text.value.string)
    if instant == nil {
      reader.error(at: text.position, "at is no instant, expected the form 2027-06-30T00:00:00Z")
    }
    return instant
  }

  private func expectation(_ reader: inout Reader) -> Bool? {
    guard let text = reader.requiredString("expect") else { return nil }
    guard text.value == "allow" || text.value == "deny" else {
      reader.error(
        at: text.position, "expect is \(Quoting.quoted(text.value)), expected \"allow\" or \"deny\"")
      return nil
    }
    return text.value == "allow"
  }

  private static let operationNames = Operation.allCases.map(\.rawValue).joined(separator: ", ")
}

extension Reader {
  /// One string, or a list of them.
  fileprivate mutating func stringOrStrings(_ name: ByteString) -> [Located<ByteString>]? {
    if let one = string(name) { return [one] }
    return strings(name)
  }
}
