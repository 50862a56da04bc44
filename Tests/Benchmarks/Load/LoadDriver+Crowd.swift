// Thousands of connections that do nothing but stay, and what they cost in memory.

import Messages
import Sockets
import TLS

extension LoadDriver {
  /// How many handshakes are under way at once.
  private static let hands = 32
  /// What is measured first has been used before: its first connection pays for tables and caches.
  private static let rehearsal = 64

  /// Opens the connections, waits for `plan.seconds`, looks at the memory, and makes sure that all are still there.
  func fillAndWait() async {
    do {
      try await open(Self.rehearsal, greeting: true)
      leave()
      await loop.sleep(until: loop.now.advanced(by: .seconds(plan.warmUpSeconds)))
      figures.memoryBefore = plan.watched?.memory ?? Memory()
      let before = plan.watched?.processorTime ?? ProcessorTime()
      let start = Moment.now
      try await open(plan.connections, greeting: true)
      await loop.sleep(until: loop.now.advanced(by: .seconds(plan.seconds)))
      figures.memory = plan.watched?.memory ?? Memory()
      figures.processorTime = (plan.watched?.processorTime ?? ProcessorTime()) - before
      figures.seconds = Moment.now - start
      figures.requests = crowd.count
      let open = crowd.count { $0.isOpen }
      guard open == crowd.count else {
        throw Trouble("\(crowd.count - open) of \(crowd.count) connections were closed or answered")
      }
      if plan.workload.kind == .waiting { try await verifyHeld(crowd.count) }
      leave()
    } catch {
      fail("\(error)")
    }
  }

  /// Fills `crowd`. With `greeting` each connection asks its first question, so that it has been in use.
  func open(_ count: Int, greeting: Bool) async throws {
    await withDiscardingTaskGroup { group in
      for hand in 0..<Self.hands {
        group.addTask(executorPreference: loop) { await self.open(from: hand, below: count, greeting) }
      }
    }
    if let failure { throw Trouble(failure) }
  }

  func leave() {
    for client in crowd { client.close() }
    crowd = []
  }

  private func open(from first: Int, below count: Int, _ greeting: Bool) async {
    do {
      let context = try ClientContext(settings)
      for number in stride(from: first, to: count, by: Self.hands) {
        let client = try await Client.connect(
          number, port: plan.port, context: context, on: loop, within: Self.patience)
        figures.protocolVersion = client.suite
        if greeting { try await greet(client) } else { try await client.finishHandshake() }
        client.releaseBuffers()
        crowd.append(client)
      }
    } catch {
      fail("after \(crowd.count) connections: \(error)")
    }
  }

  private func greet(_ client: Client) async throws {
    let request = plan.questions.requests(connection: client.number)[0]
    if plan.workload.kind == .waiting { return try await client.send(request) }
    try await client.ask(request, keepingBody: true)
    try verify(client, request: 0, whole: true)
  }

  /// That the upstream has every one of the queries: a proxy that had queued them would look thrifty.
  private func verifyHeld(_ count: Int) async throws {
    let deadline = Deadline.after(Self.patience)
    let stream = try await Stream.connect(to: [.loopback(port: plan.upstreamPort)], on: loop, by: deadline)
    let channel = Channel(plain: stream)
    defer { channel.close() }
    channel.output.append(Array("GET /held HTTP/1.1\r\nHost: upstream\r\n\r\n".utf8))
    try await channel.flush(by: deadline)
    var answer = AnswerReader(keepingBody: true)
    while try await channel.fill(by: deadline) {
      let (consumed, step) = channel.input.withBytes { answer.take($0) }
      channel.input.consume(consumed)
      guard step == .complete else { continue }
      let held = Int(String(decoding: answer.body, as: UTF8.self)) ?? 0
      guard held >= count else { throw Trouble("only \(held) of \(count) queries wait at the upstream") }
      return
    }
    throw Trouble("the upstream does not say how many queries wait at it")
  }
}
