// Texts from outside are stored as ByteString; what is stored as String instead, and why, is listed.

import Foundation
import Testing

@Suite struct StoredTextsTests {
  /// Types that are compared and hold a `String`: by a grammar that is ASCII alone, where bytes and canonical equivalence
  /// are the same, or compared by tests alone.
  private static let compared: [(file: String, type: String, reason: String)] = [
    ("Sources/Audit/Sinks/FoundEnd.swift", "Signed", "words of our own; compared by tests alone"),
    ("Sources/Audit/Entry/GateName.swift", "GateName", "ASCII by its grammar"),
    (
      "Sources/Audit/Journal/JournalNotice.swift", "Event", "names of our own causes; compared by tests alone"
    ),
    ("Sources/Audit/Sinks/PrunedFile.swift", "PrunedFile", "compared by tests alone"),
    ("Sources/Audit/Sinks/Sink.swift", "Beginning", "compared by tests alone"),
    ("Sources/EmbeddedConsul/Network/StreamStatus.swift", "StreamStatus", "words of our own"),
    (
      "Sources/Gate/Server/DescriptorPlan.swift", "DescriptorPlan",
      "words of our own; compared by tests alone"
    ),
    ("Sources/HCL/Diagnostic.swift", "Diagnostic", "compared by tests alone; sorted by place"),
    ("Sources/HCL/Token.swift", "Kind", "a number: ASCII by the grammar"),
    ("Sources/HCL/Value.swift", "Content", "a number: ASCII by the grammar"),
    ("Sources/Audit/Sinks/Exposure.swift", "Exposure", "a path; compared by tests alone"),
    ("Sources/Audit/Sinks/FileAccess.swift", "Group", "a name beside its number"),
    ("Sources/Gate/Reload/RevocationReminders.swift", "Reminder", "paths out of the configuration"),
    ("Sources/Gate/Reload/LoadedFile.swift", "LoadedFile", "a path; compared by tests alone"),
    ("Sources/HTTP/Requests/Method.swift", "UnregisteredMethod", "a token: ASCII by RFC 9110, section 5.6.2"),
    (
      "Sources/HTTP/Fields/RecordableField.swift", "RecordableField",
      "a token: ASCII by RFC 9110, section 5.6.2"
    ),
    ("Sources/JSON/Node.swift", "Value", "a number: ASCII by RFC 8259, section 6"),
    ("Sources/Peering/Partition.swift", "Partition", "a label: ASCII by Consul's rule"),
    ("Sources/Peering/PeeringTokenFacts.swift", "PeeringTokenFacts", "digests in hexadecimal"),
    (
      "Sources/Policy/Loading/FolderReader.swift", "Entry",
      "a folder's path and a name, which is beside it in bytes"
    ),
    ("Sources/TLS/Files/CredentialDigest.swift", "CredentialDigest", "a path; compared by tests alone"),
    ("Sources/TLS/ErrorQueue.swift", "Entry", "OpenSSL's words; compared by tests alone"),
    ("Sources/TLS/Sessions/Negotiated.swift", "Negotiated", "names out of OpenSSL's tables"),
    ("Sources/TLS/Sessions/PeerIdentity.swift", "PeerIdentity", "escaped to ASCII by Quoted"),
    (
      "Sources/TLS/Certificates/RevocationTerm.swift", "RevocationTerm",
      "a path, and a name escaped to ASCII by Quoted"
    ),
    (
      "Sources/TLS/Contexts/ServerName.swift", "ServerName", "a host name or an address: ASCII by its grammar"
    ),
    (
      "Sources/TLS/Certificates/SubjectAlternativeName.swift", "SubjectAlternativeName",
      "escaped to ASCII by Quoted"
    ),
    (
      "Sources/peergate/Running/Loaded.swift", "Complaints",
      "sentences of our own, to tell whether one is new"
    ),
  ]

  /// Files of the modules that read what comes from outside and take or keep a `String` all the same.
  private static let taken: [(file: String, reason: String)] = [
    ("Sources/Audit/Verification/AnchorFile.swift", "a path"),
    ("Sources/Audit/Verification/ExtractReport.swift", "a path, and sentences of our own"),
    ("Sources/Audit/Verification/Finding.swift", "paths"),
    ("Sources/Audit/Verification/LogInputs.swift", "paths"),
    ("Sources/Audit/Verification/LogVerification.swift", "paths"),
    ("Sources/Audit/Verification/VerificationReport.swift", "paths, and sentences of our own"),
    ("Sources/HTTP/Fields/FieldValue.swift", "made into bytes at once"),
    ("Sources/HTTP/Malformed.swift", "quoted, for a sentence"),
    ("Sources/HTTP/Requests/Method.swift", "a token, ASCII"),
    ("Sources/HTTP/QuotedInput.swift", "made into bytes at once"),
    ("Sources/HTTP/Fields/RecordableField.swift", "a token, ASCII"),
    ("Sources/JSON/ElementScanner.swift", "names of our own, made into bytes at once"),
    ("Sources/JSON/Malformation.swift", "for a sentence"),
    ("Sources/JSON/Node.swift", "a number, ASCII"),
    ("Sources/JSON/Parser.swift", "spellings of our own"),
    ("Sources/JSON/QuotedString.swift", "words of our own, written"),
    ("Sources/JSON/SoughtNames.swift", "names of our own, made into bytes at once"),
    ("Sources/JSON/Text.swift", "for a sentence"),
    ("Sources/JSON/Writer.swift", "written, byte by byte"),
    ("Sources/Peering/BodyReader.swift", "names of Go's types"),
    ("Sources/Peering/Credential.swift", "made into bytes at once"),
    ("Sources/Peering/GoDecoding.swift", "for a sentence"),
    ("Sources/Peering/Partition.swift", "a label, ASCII"),
    ("Sources/Peering/PeerName.swift", "made into bytes at once"),
    ("Sources/Peering/PeeringList.swift", "for a sentence"),
    ("Sources/Peering/PeeringResponse.swift", "for a sentence"),
    ("Sources/Peering/PeeringTokenFacts.swift", "digests in hexadecimal"),
    ("Sources/Peering/Refusal.swift", "quoted, for a sentence"),
    ("Sources/Policy/Tokens/AccessorID.swift", "of our own making"),
    ("Sources/Policy/Tokens/AddressRange.swift", "taken apart by its .utf8"),
    ("Sources/Policy/Tools/AuditedRequest.swift", "read by position, and handed on"),
    ("Sources/Policy/Tokens/PolicyAttributes.swift", "made into ByteStrings at once"),
    ("Sources/Policy/Loading/FolderReader.swift", "paths"),
    ("Sources/Policy/Tokens/GuessableSecrets.swift", "a word of our own"),
    ("Sources/Policy/Tokens/NewToken.swift", "of our own making"),
    ("Sources/Policy/Loading/PolicyFile.swift", "a path"),
    ("Sources/Policy/Loading/PolicyFolder.swift", "paths"),
    ("Sources/Policy/Loading/PolicyLoader.swift", "names of files, for a sentence"),
    ("Sources/Policy/Tools/PolicyPrinter.swift", "to be printed"),
    ("Sources/Policy/Rules/PolicySet.swift", "a digest in hexadecimal"),
    ("Sources/Policy/Tools/PolicyTestRun.swift", "a sentence of our own"),
    ("Sources/Policy/Rules/Rule.swift", "to be printed"),
    ("Sources/Policy/Loading/RuleReader.swift", "words of our own, for a sentence"),
    ("Sources/Policy/Rules/Shadow.swift", "to be printed"),
    ("Sources/Policy/Tokens/Timestamp.swift", "read by position"),
    ("Sources/Policy/Loading/TokenReader.swift", "words of our own, for a sentence"),
    ("Sources/Policy/Tools/Usage/SuggestionPrinter.swift", "to be printed"),
  ]

  private static let modules = ["HTTP", "JSON", "Peering", "Policy", "Audit/Verification"]

  @Test func `no type that is compared holds a text as Swift's String`() {
    for file in SourceTree.sources where file.layer != "Bytes" {
      for fault in StoredTexts.compared(in: file.lines) {
        let isAllowed = Self.compared.contains { $0.file == file.path && $0.type == fault.spelling }
        #expect(isAllowed, "\(file):\(fault.line): \(fault.spelling) is compared: let it hold a ByteString")
      }
    }
  }

  @Test func `what reads from outside takes and keeps no text as Swift's String`() {
    for file in SourceTree.sources
    where Self.modules.contains(where: { file.path.hasPrefix("Sources/\($0)/") }) {
      guard !Self.taken.contains(where: { $0.file == file.path }) else { continue }
      for fault in StoredTexts.taken(in: file.lines) {
        Issue.record(
          "\(file):\(fault.line): `\(fault.spelling)`: take a ByteString, or list the file with its reason")
      }
    }
  }

  @Test func `every exception is still one`() {
    for exception in Self.compared {
      let file = SourceTree.sources.first { $0.path == exception.file }
      let faults = file.map { StoredTexts.compared(in: $0.lines) } ?? []
      #expect(faults.contains { $0.spelling == exception.type }, "\(exception.file): take it from the list")
    }
    for exception in Self.taken {
      let file = SourceTree.sources.first { $0.path == exception.file }
      #expect(
        file.map { !StoredTexts.taken(in: $0.lines).isEmpty } == true,
        "\(exception.file): take it from the list")
    }
  }

  @Test(arguments: [
    "struct A: Hashable {\n  let name: String\n}",
    "struct A: Sendable, Equatable {\n  private let name: String?\n}",
    "enum A: Hashable {\n  case name(String)\n}", "enum A: Hashable {\n  case name(of: Int, String)\n}",
    "struct A: Hashable {\n  var names: [String] = []\n}",
    "struct A {\n  struct B: Hashable {\n    let n: String\n  }\n}",
    "struct A: Comparable {\n  let name: Substring\n}",
  ])
  func `such a type is found`(text: String) {
    #expect(StoredTexts.compared(in: text.components(separatedBy: "\n")).count == 1)
  }

  @Test(arguments: [
    "struct A {\n  let name: String\n}", "struct A: Hashable {\n  let name: ByteString\n}",
    "struct A: Hashable {\n  var name: String { a }\n}",
    "struct A: Hashable {\n  func f() {\n    let name: String\n  }\n}",
    "struct A: Hashable {\n  let name: String\n  static func == (a: A, b: A) -> Bool { true }\n}",
    "enum A: Error, Hashable {\n  case name(String)\n}", "enum A: String, Hashable {\n  case name\n}",
    "struct A: Hashable {\n  // let name: String\n}", "struct AFault: Hashable {\n  let name: String\n}",
    "struct A: Hashable {\n  let view: String.UTF8View\n}",
  ])
  func `such a type is no fault`(text: String) {
    #expect(StoredTexts.compared(in: text.components(separatedBy: "\n")).isEmpty)
  }

  @Test(arguments: [
    "  let name: String", "  private var names: [String] = []", "  func f(_ name: String) {",
    "  init(name: String?) {",
    "  func f(a: Int, name: inout String)", "    _ name: String, other: Int", "    name: String",
    "  case name(String)",
    "  static func f(to name: Substring) -> Int {",
  ])
  func `such a member or parameter is found`(line: String) {
    #expect(StoredTexts.taken(in: [line]).count == 1)
  }

  @Test(arguments: [
    "  var description: String { name }", "  func f() -> String {", "  var description: String {",
    "  let a = String(b)",
    "  let name: ByteString", "  // name: String", "  func f(_ view: String.UTF8View) {",
    "    let text = \"name: String\"",
  ])
  func `such a line is no fault`(line: String) { #expect(StoredTexts.taken(in: [line]).isEmpty) }
}
