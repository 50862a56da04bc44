// Places for clients: counted over all workers and for each address.

import Policy
import Synchronization
import Testing

@testable import Gate

@Suite struct ClientAdmissionTests {
  private func admission(
    connections: Int = 100, perAddress: Int = 2, exempt: [String] = []
  ) throws -> ClientAdmission {
    var limits = GateLimits()
    limits.connectionsPerAddress = perAddress
    limits.exemptAddresses = try exempt.map { try AddressRange($0) }
    return ClientAdmission(limits: limits, connections: connections)
  }

  @Test(arguments: [(1, 1), (2, 2), (3, 3)])
  func `an address has so many places, and not one more`(limit: Int, admitted: Int) throws {
    let admission = try admission(perAddress: limit)
    let address = Address("192.0.2.1")
    let held = (0..<admitted).compactMap { _ in admission.admit(address) }
    #expect(held.count == admitted)
    #expect(admission.admit(address) == nil)
    #expect(admission.admit(Address("192.0.2.2")) != nil)
    #expect(admission.held == (admitted, 1))
    withExtendedLifetime(held) {}
  }

  @Test func `a place that is given back is free again, and leaves nothing behind`() throws {
    let admission = try admission(perAddress: 1)
    for _ in 0..<3 { #expect(admission.admit(Address("192.0.2.1")) != nil) }
    #expect(admission.held == (0, 0))
  }

  @Test func `an IPv6 network of 64 bits counts as one address`() throws {
    let admission = try admission(perAddress: 1)
    let first = admission.admit(Address("2001:db8::1"))
    #expect(first != nil)
    #expect(admission.admit(Address("2001:db8::2")) == nil)
    #expect(admission.admit(Address("2001:db8:0:1::1")) != nil)
    withExtendedLifetime(first) {}
  }

  @Test func `exempt addresses and clients without one are counted in all alone`() throws {
    let admission = try admission(perAddress: 1, exempt: ["10.0.0.0/8"])
    let held = (0..<3).compactMap { _ in admission.admit(Address("10.1.2.3")) } + [admission.admit(nil)]
    #expect(admission.held == (4, 0))
    withExtendedLifetime(held) {}
  }

  @Test func `whoever waits for a place is called once when there is one`() throws {
    let admission = try admission(connections: 1)
    let calls = Atomic(0)
    do {
      let held = admission.admit(nil)
      #expect(admission.isFull { calls.add(1, ordering: .relaxed) })
      withExtendedLifetime(held) {}
    }
    #expect(calls.load(ordering: .relaxed) == 1)
    #expect(!admission.isFull { calls.add(1, ordering: .relaxed) })
    #expect(calls.load(ordering: .relaxed) == 1)
  }
}
