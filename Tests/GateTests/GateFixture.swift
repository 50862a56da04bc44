// A gate of a test's own, in this process, in front of an upstream that the test scripts.

import Audit
import Bytes
import Digests
import HTTP
import Logging
import Policy
import Sockets
import Support
import TLS
import Testing

@testable import Consul
@testable import Gate
@testable import Record

/// Two tokens: `admin` may write every name, `reader` may read what begins with `cluster-`. One worker, so that
/// what one connection sees another sees too.
final class GateFixture {
  let gate: Gate
  let pki: TestPKI
  let settings: Settings
  let auditPath: String
  private let folder: ScratchFolder
  private var isStopped = false

  static let policies = """
    policy "all" { peering = "write" }
    policy "some" { peering_prefix "cluster-" { policy = "read" } }
    \(token("admin", of: "all", number: 1))
    \(token("reader", of: "some", number: 2))
    """

  static func token(_ secret: String, of policy: String, number: Int, more: String = "") -> String {
    let digest = SHA256.digest(of: secret).hexadecimal
    return """
      token "\(secret)" {
        accessor_id   = "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a0\(number)"
        secret_sha256 = ["\(digest)"]
        policies      = ["\(policy)"]
        \(more)
      }
      """
  }

  /// - Parameter audit: a path to log to; nil for its own file.
  init(
    upstream port: UInt16, policies: String = GateFixture.policies, audit: String? = nil, workers: Int = 1,
    limits: (inout GateLimits) -> Void = { _ in }, observer: DecisionObserver? = nil
  ) throws {
    pki = try TestPKI()
    folder = try ScratchFolder()
    auditPath = audit ?? folder.path + "/audit.jsonl"
    var settings = Settings(
      listener: .tcp(host: "127.0.0.1", port: 0), tls: try ServerSettings(identity: pki.server),
      upstream: UpstreamSettings(endpoint: .tcp(host: "127.0.0.1", port: port)), policies: folder.path,
      audit: JournalSettings(path: auditPath), workers: workers)
    limits(&settings.limits)
    self.settings = settings
    gate = try Gate(
      settings, policies: Self.set(policies),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, observer: observer)
  }

  deinit { stop() }

  static func set(_ text: String) throws -> PoliciesInForce {
    let file = PolicyFile(name: "test.hcl", path: "test.hcl", bytes: Array(text.utf8))
    return PoliciesInForce(try PolicyLoader.load([file], now: Timestamp(seconds: WallClock.seconds)))
  }

  /// Stops the gate; how long that took.
  @discardableResult
  func stop() -> Duration {
    guard !isStopped else { return .zero }
    isStopped = true
    return ContinuousClock().measure { gate.stop() }
  }

  func connect() throws -> RawClient { try RawClient(port: gate.address.port, context: pki.clientContext()) }

  /// One request on its own connection.
  func request(_ text: String) throws -> RawReply { try connect().request(text) }

  func audit() throws -> [AuditLine] { try AuditLog.lines(auditPath) }
}

func get(_ target: String, as token: String? = "admin", fields: String = "") -> String {
  let credential = token.map { "X-Consul-Token: \($0)\r\n" } ?? ""
  return "GET \(target) HTTP/1.1\r\nHost: gate\r\n\(credential)\(fields)\r\n"
}

func post(_ target: String, as token: String = "admin", _ body: String, fields: String = "") -> String {
  "POST \(target) HTTP/1.1\r\nHost: gate\r\nX-Consul-Token: \(token)\r\n\(fields)"
    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

extension CallerFields {
  /// For texts of which nothing is cut.
  convenience init(_ fields: Fields, recorded: [RecordableField]) throws {
    self.init(fields, recorded: recorded, TextDigester(try TokenDigestKey.ofThisRun()))
  }
}
