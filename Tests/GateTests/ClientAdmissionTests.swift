// Places for clients: counted over all workers and for each address.

import Policy
import Synchronization
import Testing

@testable import Gate

@Suite struct ClientAdmissionTests {
  private func admission(
    connections: Int = 100, perAddress: Int? = 2, exempt: [String] = []
  ) throws -> ClientAdmission {
    var limits = GateLimits()
    limits.connectionsPerAddress = perAddress
    limits.exemptAddresses = try exempt.map { try AddressRange($0) }
    return ClientAdmission(limits: limits, connections: connections)
  }

  private func place(_ admission: ClientAdmission, _ address: Address?) -> AdmittedClient? {
    if case .place(let place) = admission.admit(address) { place } else { nil }
  }

  @Test(arguments: [(1, 1), (2, 1), (3, 1), (4, 2), (399, 199), (400, 200), (402, 200), (10_000, 200)])
  func `if nobody says, an address has 200 places, but at most half of all`(connections: Int, admitted: Int)
    throws
  {
    let admission = try admission(connections: connections, perAddress: nil)
    let held = (0..<admitted).compactMap { _ in place(admission, Address("192.0.2.1")) }
    #expect(held.count == admitted)
    #expect(place(admission, Address("192.0.2.1")) == nil)
    withExtendedLifetime(held) {}
  }

  @Test func `there are never more than all, anyone who has asked first`() throws {
    let admission = try admission(connections: 2, perAddress: 9)
    // Two workers have asked for the last place before either has accepted.
    let first = place(admission, Address("192.0.2.1"))
    for _ in 0..<2 { #expect(!admission.isFull {}) }
    let second = place(admission, Address("192.0.2.2"))
    #expect(first != nil && second != nil)
    guard case .full = admission.admit(Address("192.0.2.3")) else {
      Issue.record("a third of two")
      return
    }
    #expect(admission.held == (2, 2))
    withExtendedLifetime((first, second)) {}
  }

  @Test(arguments: [(7, false), (8, true), (9, true)])
  func `a limit of one address that is none is warned of`(perAddress: Int, warns: Bool) {
    var limits = GateLimits()
    #expect(limits.addressWarning(served: 1) == nil)
    limits.connectionsPerAddress = perAddress
    #expect((limits.addressWarning(served: 8) != nil) == warns)
  }

  @Test(arguments: [(1, 1), (2, 2), (3, 3)])
  func `an address has so many places, and not one more`(limit: Int, admitted: Int) throws {
    let admission = try admission(perAddress: limit)
    let address = Address("192.0.2.1")
    let held = (0..<admitted).compactMap { _ in place(admission, address) }
    #expect(held.count == admitted)
    #expect(place(admission, address) == nil)
    #expect(place(admission, Address("192.0.2.2")) != nil)
    #expect(admission.held == (admitted, 1))
    withExtendedLifetime(held) {}
  }

  @Test func `a place that is given back is free again, and leaves nothing behind`() throws {
    let admission = try admission(perAddress: 1)
    for _ in 0..<3 { #expect(place(admission, Address("192.0.2.1")) != nil) }
    #expect(admission.held == (0, 0))
  }

  @Test func `an IPv6 network of 64 bits counts as one address`() throws {
    let admission = try admission(perAddress: 1)
    let first = place(admission, Address("2001:db8::1"))
    #expect(first != nil)
    #expect(place(admission, Address("2001:db8::2")) == nil)
    #expect(place(admission, Address("2001:db8:0:1::1")) != nil)
    withExtendedLifetime(first) {}
  }

  @Test func `exempt addresses and clients without one are counted in all alone`() throws {
    let admission = try admission(perAddress: 1, exempt: ["10.0.0.0/8"])
    let held = (0..<3).compactMap { _ in place(admission, Address("10.1.2.3")) } + [place(admission, nil)]
    #expect(admission.held == (4, 0))
    withExtendedLifetime(held) {}
  }

  @Test func `anyone who waits for a place is called once when there is one`() throws {
    let admission = try admission(connections: 1)
    let calls = Atomic(0)
    do {
      let held = place(admission, nil)
      #expect(admission.isFull { calls.add(1, ordering: .relaxed) })
      withExtendedLifetime(held) {}
    }
    #expect(calls.load(ordering: .relaxed) == 1)
    #expect(!admission.isFull { calls.add(1, ordering: .relaxed) })
    #expect(calls.load(ordering: .relaxed) == 1)
  }
}
