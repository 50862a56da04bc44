// What the operator is told of CRLs that end while the gate runs.

import TLS
import Testing

@testable import Gate

@Suite struct RevocationRemindersTests {
  private static let refusing = RevocationTerm(
    file: "a.crl", issuer: "CN=a", expiry: .refused, endsSoonAt: 1_000, endsAt: 8_200)
  private static let counting = RevocationTerm(
    file: "b.crl", issuer: "CN=b", expiry: .warned, endsSoonAt: 2_000, endsAt: 3_000)
  private static let endless = RevocationTerm(
    file: "c.crl", issuer: "CN=c", expiry: .refused, endsSoonAt: .max, endsAt: .max)

  @Test func `each CRL has one line when its end is near, and one when it has come`() {
    var reminders = RevocationReminders([Self.refusing, Self.counting, Self.endless], at: 0)
    let times = [999, 1_000, 1_001, 2_000, 2_999, 3_000, 8_199, 8_200, 100_000]
    let said = times.map { time in (time, reminders.due(at: time).map { "\($0.isUrgent) \($0.text)" }) }
      .filter { !$0.1.isEmpty }
    #expect(said.map(\.0) == [1_000, 2_000, 3_000, 8_200])
    #expect(
      said.flatMap(\.1) == [
        "false a.crl: the CRL of (CN=a) expires in 2 hours",
        "false b.crl: the CRL of (CN=b) expires in 0 hours",
        "false b.crl: the CRL of (CN=b) has expired and counts on, as crl_expired says",
        "true a.crl: the CRL of (CN=a) has expired: the clients it speaks for are refused until a new one is read",
      ])
  }

  @Test func `what was so when they were read is not said again`() {
    var reminders = RevocationReminders([Self.refusing, Self.counting], at: 3_000)
    #expect(reminders.due(at: 8_199) == [])
    #expect(reminders.due(at: 8_200).count == 1)
  }

  @Test func `it is waited for the next one, at most for an hour`() {
    let reminders = RevocationReminders([Self.refusing], at: 1_000)
    #expect(reminders.pause(at: 1_000) == .seconds(3_600))
    #expect(reminders.pause(at: 8_000) == .seconds(200))
    #expect(reminders.pause(at: 9_000) == .zero)
    #expect(RevocationReminders([Self.endless], at: 0).pause(at: 0) == nil)
  }
}
