// The clients of one run, all on one loop: each asks, waits for the answer, looks at it, and asks again.

import Glibc
import Messages
import Sockets
import TLS

actor LoadDriver {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

  let plan: LoadPlan
  let settings: ClientSettings
  var phase = Phase.warmUp
  var histogram = Histogram()
  var figures = LoadFigures()
  var failure: String?
  /// Connections that only stay.
  var crowd: [Client] = []

  enum Phase {
    case warmUp, measuring, over
  }

  /// Each connection is to answer so often in a window, on average, or the window is prolonged, up to so many times.
  private static let requestsPerConnection = 4
  private static let prolongation = 10.0

  /// On so many connections every body is compared byte for byte the first time, on the others by its length.
  private static let comparedConnections = 4

  /// How long any single answer may take.
  static let patience = Duration.seconds(60)

  private init(loop: EventLoop, plan: LoadPlan, settings: ClientSettings) {
    self.loop = loop
    self.plan = plan
    self.settings = settings
  }

  /// Runs the plan on the calling thread.
  static func run(_ plan: LoadPlan) throws -> LoadFigures {
    let settings = try ClientSettings.load(serverName: .dns("localhost"), authoritiesFile: plan.authorityFile)
    let loop = try EventLoop()
    let driver = LoadDriver(loop: loop, plan: plan, settings: settings)
    let outcome = Outcome()
    Task(executorPreference: loop) {
      await driver.drive()
      outcome.result = await driver.result
      loop.stop()
    }
    loop.run()
    return try outcome.result.get()
  }

  /// Written and read by the thread that runs the loop.
  private final class Outcome: @unchecked Sendable {
    var result: Result<LoadFigures, Trouble> = .failure(Trouble("the load ended before its time"))
  }

  private var result: Result<LoadFigures, Trouble> {
    if let failure { return .failure(Trouble(failure)) }
    figures.median = histogram.percentile(0.5)
    figures.percentile99 = histogram.percentile(0.99)
    return .success(figures)
  }

  private func drive() async {
    figures.memoryBefore = plan.watched?.memory ?? Memory()
    if plan.workload.isCrowd { return await fillAndWait() }
    do {
      // Connected a few at a time: thousands at once would wait for each other beyond every time-out.
      if plan.workload.kind == .requests { try await open(plan.connections, greeting: false) }
    } catch {
      return fail("\(error)")
    }
    await withDiscardingTaskGroup { group in
      if plan.requests == nil { group.addTask(executorPreference: loop) { await self.keepTime() } }
      for number in 0..<plan.connections {
        group.addTask(executorPreference: loop) { await self.work(number) }
      }
    }
    leave()
  }

  // MARK: The window

  private func keepTime() async {
    await loop.sleep(until: loop.now.advanced(by: .seconds(plan.warmUpSeconds)))
    let start = Moment.now
    let before = plan.watched?.processorTime ?? ProcessorTime()
    let loadBefore = loadTime
    let machineBefore = ProcessorTime.machine
    histogram = Histogram()
    phase = .measuring
    await loop.sleep(until: loop.now.advanced(by: .seconds(plan.seconds)))
    // What is slow gets more time: a window that cuts every request would charge their halves to the few that ended.
    let end = loop.now.advanced(by: .seconds(plan.seconds * Self.prolongation))
    let last = loop.now.advanced(by: Self.patience)
    while !isOver, histogram.count < plan.connections * Self.requestsPerConnection,
      loop.now < end || histogram.count == 0 && loop.now < last
    {
      await loop.sleep(until: loop.now.advanced(by: .milliseconds(50)))
    }
    if histogram.count == 0 { fail("there was no answer in time") }
    phase = .over
    figures.processorTime = (plan.watched?.processorTime ?? ProcessorTime()) - before
    figures.loadTime = loadTime - loadBefore
    figures.machineTime = ProcessorTime.machine - machineBefore
    figures.seconds = Moment.now - start
    figures.requests = histogram.count
    figures.memory = plan.watched?.memory ?? Memory()
  }

  private var loadTime: ProcessorTime {
    ProcessTree(root: getpid()).processorTime + (plan.upstream?.processorTime ?? ProcessorTime())
  }

  private var isOver: Bool { phase == .over || failure != nil }

  func fail(_ sentence: String) {
    if failure == nil { failure = sentence }
    phase = .over
  }

  // MARK: Clients

  private func work(_ number: Int) async {
    do {
      if plan.workload.kind == .requests {
        try await converse(crowd[number])
      } else {
        try await reconnect(number)
      }
    } catch {
      // What breaks after the window, or after somebody else's failure, is nobody's concern.
      if !isOver { fail("connection \(number): \(error)") }
    }
  }

  private func converse(_ client: Client) async throws {
    let requests = plan.questions.requests(connection: client.number)
    var asked = 0
    while !isOver, asked < plan.requests ?? .max {
      let start = Deadline.now.nanoseconds
      let isFirst = asked < requests.count && client.number < Self.comparedConnections
      try await client.ask(requests[asked % requests.count], keepingBody: isFirst)
      histogram.add(Deadline.now.nanoseconds - start)
      try verify(client, request: asked, whole: isFirst)
      asked += 1
    }
  }

  private func reconnect(_ number: Int) async throws {
    let requests = plan.questions.requests(connection: number)
    let context = try ClientContext(settings)
    var asked = 0
    while !isOver, asked < plan.requests ?? .max {
      if plan.workload.kind == .handshakes { context.forgetSession() }
      let start = Deadline.now.nanoseconds
      let client = try await Client.connect(
        number, port: plan.port, context: context, on: loop, within: Self.patience)
      defer { client.close() }
      try await client.ask(requests[asked % requests.count], keepingBody: asked == 0)
      histogram.add(Deadline.now.nanoseconds - start)
      figures.protocolVersion = client.suite
      try verify(client, request: asked, whole: asked == 0)
      if client.isResumed != (plan.workload.kind == .resumptions && asked > 0) {
        throw Trouble("the handshake was \(client.isResumed ? "" : "not ")resumed")
      }
      if client.isResumed { figures.resumed += 1 }
      asked += 1
    }
  }

  /// A benchmark of wrong answers is worth nothing: each is looked at.
  func verify(_ client: Client, request: Int, whole: Bool) throws {
    let answer = client.answer
    let status = plan.workload.status(plan.abilities)
    guard answer.status == status else {
      throw Trouble(
        "the answer was \(answer.status) instead of \(status): \(String(decoding: answer.body.prefix(200), as: UTF8.self))"
      )
    }
    if whole {
      let body = plan.questions.body(request, connection: client.number, abilities: plan.abilities)
      guard let body else { return }
      guard answer.body == body else {
        throw Trouble(
          "the body is not the one that was to come: \(answer.body.count) bytes instead of \(body.count), "
            + "beginning \(String(decoding: answer.body.prefix(120), as: UTF8.self))")
      }
      client.expectedBytes = body.count
    } else if client.expectedBytes >= 0, answer.bodyBytes != client.expectedBytes {
      throw Trouble("an answer had \(answer.bodyBytes) bytes instead of \(client.expectedBytes)")
    }
  }
}
