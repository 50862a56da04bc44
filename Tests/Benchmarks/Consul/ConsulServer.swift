// The upstream of all: answers from memory, as cheaply as it can, so that the core it shares with the load is no bound.

import Messages
import Sockets

actor ConsulServer {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  private let canned: CannedConsul
  private let listener: Listener
  private var held = 0

  init(loop: EventLoop, listener: sending Listener, canned: CannedConsul) {
    self.loop = loop
    self.listener = listener
    self.canned = canned
  }

  func serve() async {
    await withDiscardingTaskGroup { group in
      while let arrival = try? await listener.accept(), let stream = try? arrival.stream(on: loop) {
        let channel = Channel(plain: stream)
        group.addTask(executorPreference: loop) { [channel = Confined(channel)] in
          await self.converse(channel.value)
        }
      }
    }
    loop.stop()
  }

  private func converse(_ channel: Channel) async {
    defer { channel.close() }
    var answers: [UInt8] = []
    while (try? await channel.fill(by: .never)) == true {
      while let request = next(channel, &answers) {
        guard request == .waiting else { continue }
        held += 1
        // The answer never comes: the one who waits leaves, or the benchmark ends.
        _ = try? await channel.fill(by: .never)
        held -= 1
        return
      }
      channel.output.append(answers)
      answers.removeAll(keepingCapacity: true)
      guard (try? await channel.flush(by: .never)) != nil else { return }
    }
  }

  /// Takes one request from the input and puts its answer into `answers`.
  private func next(_ channel: Channel, _ answers: inout [UInt8]) -> ConsulRequest.Kind? {
    let request = channel.input.withBytes { bytes -> ConsulRequest? in
      guard let request = ConsulRequest(bytes) else { return nil }
      switch request.kind {
      case .object(let name): canned.appendObject(named: bytes.extracting(name), to: &answers)
      case .list: answers += canned.list
      case .token: answers += canned.tokenReply
      case .count: answers += CannedConsul.text("\(held)")
      case .other: answers += CannedConsul.text("not served by this benchmark")
      case .waiting: break
      }
      return request
    }
    guard let request else { return nil }
    channel.input.consume(request.byteCount)
    return request.kind
  }
}

/// Carries what is confined to a loop into a child task of the same loop, which the compiler cannot know to be the
/// same.
struct Confined<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
