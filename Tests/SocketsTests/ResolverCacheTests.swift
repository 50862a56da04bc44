// Names of Consul's: looked up once for all, and trusted while the name server is silent.

import Sockets
import Support
import Synchronization
import Testing

@Suite struct AddressBookTests {
  /// A name server that the test answers for.
  private final class Names: Sendable {
    private let state = Mutex((asked: 0, answers: [Result<[SocketAddress], SocketError>]()))
    var asked: Int { state.withLock { $0.asked } }

    func answer(_ result: Result<[SocketAddress], SocketError>) {
      state.withLock { $0.answers.append(result) }
    }

    /// Blocks until there is an answer, as a resolver does.
    func lookUp() throws(SocketError) -> [SocketAddress] {
      state.withLock { $0.asked += 1 }
      var answer: Result<[SocketAddress], SocketError>?
      _ = eventually {
        answer = state.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() }
        return answer != nil
      }
      return try (answer ?? .failure(Self.unknown)).get()
    }

    static let unknown = SocketError(doing: .resolve, because: .address("consul.test does not resolve"))
  }

  private static let consul = Endpoint.tcp(host: "consul.test", port: 8500)
  private static let here = SocketAddress.loopback(port: 1)
  private static let there = SocketAddress.loopback(port: 2)

  private static func book(_ names: Names, lifetime: Duration, on loop: EventLoop) -> ResolverCache {
    ResolverCache(consul, lifetime: lifetime, on: loop) { (_) throws(SocketError) in try names.lookUp() }
  }

  @Test func `however many ask at once, and give up, one look-up is under way`() async throws {
    let names = Names()
    try await Resident.live { resident in
      let book = Confined(Self.book(names, lifetime: .seconds(30), on: resident.loop))
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<50 {
          group.addTask(executorPreference: resident.loop) {
            await resident.ask(book, within: .milliseconds(20)) == nil
          }
        }
        for await gaveUp in group { #expect(gaveUp) }
      }
      names.answer(.success([Self.here]))
      let found = await resident.ask(book, within: .seconds(5))
      #expect(found == [Self.here])
      #expect(names.asked == 1)
    }
  }

  @Test func `an address that has expired serves until there is a new one`() async throws {
    let names = Names()
    try await Resident.live { resident in
      let book = Confined(Self.book(names, lifetime: .zero, on: resident.loop))
      names.answer(.success([Self.here]))
      let first = await resident.ask(book, within: .seconds(5))
      // The name server is silent now.
      let second = await resident.ask(book, within: .seconds(5))
      #expect([first, second] == [[Self.here], [Self.here]])
      names.answer(.success([Self.there]))
      var latest: [SocketAddress]? = second
      while latest == [Self.here] {
        latest = await resident.ask(book, within: .seconds(5))
        await resident.loop.sleep(until: resident.loop.now.advanced(by: .milliseconds(1)))
      }
      #expect(latest == [Self.there])
    }
  }

  @Test func `one that nobody answers at is looked up anew, and kept if that fails`() async throws {
    let names = Names()
    try await Resident.live { resident in
      let book = Confined(Self.book(names, lifetime: .seconds(30), on: resident.loop))
      names.answer(.success([Self.here]))
      _ = await resident.ask(book, within: .seconds(5))
      book.value.doubt()
      names.answer(.success([Self.there]))
      let moved = await resident.ask(book, within: .seconds(5))
      book.value.doubt()
      names.answer(.failure(Names.unknown))
      let kept = await resident.ask(book, within: .seconds(5))
      #expect([moved, kept] == [[Self.there], [Self.there]])
      #expect(names.asked == 3)
    }
  }

  @Test func `a name that never resolved says so`() async throws {
    let names = Names()
    try await Resident.live { resident in
      let book = Self.book(names, lifetime: .seconds(30), on: resident.loop)
      names.answer(.failure(Names.unknown))
      do throws(SocketError) {
        _ = try await book.addresses(by: .after(.seconds(5)))
        Issue.record("it resolved")
      } catch {
        #expect(error == Names.unknown)
      }
    }
  }

  @Test func `a number is its own address, and nobody is asked`() async throws {
    let names = Names()
    try await Resident.live { resident in
      for endpoint in ["127.0.0.1:8500", "[::1]:8500", "unix:///run/consul.sock"] {
        let book = ResolverCache(try Endpoint(parsing: endpoint), lifetime: .zero, on: resident.loop) {
          (_) throws(SocketError) in try names.lookUp()
        }
        book.doubt()
        let found = try await book.addresses(by: resident.loop.now)
        #expect(found.map(\.description) == [endpoint])
      }
      #expect(names.asked == 0)
    }
  }
}

extension Resident {
  fileprivate func ask(_ book: Confined<ResolverCache>, within time: Duration) async -> [SocketAddress]? {
    try? await book.value.addresses(by: .after(time))
  }
}
