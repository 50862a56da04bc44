// A loop on its own thread, and an actor that lives on it: for tests of what is confined to a loop.

package import Sockets

/// Runs test bodies on a real event loop.
package actor Resident {
  package let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  private init(loop: EventLoop) { self.loop = loop }

  /// Runs `body` on a fresh loop and ends the loop afterwards.
  package static func live<Result: Sendable>(
    _ body: @escaping @Sendable (isolated Resident) async throws -> Result
  ) async throws -> Result {
    let loop = try EventLoop()
    let resident = Resident(loop: loop)
    Thread.start(named: "test-loop") { loop.run() }
    let task = Task(executorPreference: loop) { try await body(resident) }
    let result = await task.result
    loop.perform { loop.stop() }
    return try result.get()
  }

  /// Two ends of one connection over loopback.
  package func pair() async throws -> (Stream, Stream) {
    let listener = try Listener(at: .loopback(port: 0), on: loop)
    let near = try await Stream.connect(to: [listener.address], on: loop, by: .after(.seconds(5)))
    let far = try await listener.accept().stream(on: loop)
    listener.close()
    return (near, far)
  }
}

extension ByteQueue {
  package convenience init(_ text: String) {
    self.init()
    append(Array(text.utf8))
  }
}

/// Carries what is confined to a loop into a child task of the same loop, which the compiler cannot know to be the
/// same.
package struct Confined<Value>: @unchecked Sendable {
  package let value: Value
  package init(_ value: Value) { self.value = value }
}
