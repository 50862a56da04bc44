// The whole gate: workers that listen, what they share, and how they start and stop together.

package import Audit
internal import Consul
package import Digests
package import Logging
internal import Policy
package import Record
package import Sockets
internal import Synchronization
package import TLS

/// Why a gate could not start: the operator's to mend.
package enum GateError: Error, CustomStringConvertible {
  case listen(Endpoint, SocketError)
  case audit(AuditError)
  case tls(TLSError)
  case keys(DigestError)
  case system(SocketError)

  package var description: String {
    switch self {
    case .listen(let endpoint, let error) where error.isAddressInUse:
      "cannot listen on \(endpoint): the address is in use; stop the program that holds it, or choose another"
    case .listen(let endpoint, let error): "cannot listen on \(endpoint): \(error)"
    case .audit(let error): "\(error)"
    case .tls(let error): error.reason
    case .keys(let error): "no key for the digests of peering tokens: \(error)"
    case .system(let error): "\(error)"
    }
  }
}

package final class Gate: Sendable {
  /// Where the gate listens, with the port that was chosen if the settings left that open.
  package let address: Sockets.SocketAddress
  package let counters = GateCounters()
  let content: ContentBudget
  private let inForce: Mutex<PoliciesInForce>
  private let loadedFiles: Mutex<LoadedFiles>
  private let workers: [Worker]
  private let threads: [Thread]
  private let journal: Journal
  private let settings: Settings
  private let tickets: TicketKeys
  private let logger: Logger

  /// Listens, opens the audit log and starts the workers. Blocks only for name resolution of the listener.
  package init(
    _ settings: Settings, policies: PoliciesInForce, logger: Logger, observer: DecisionObserver? = nil
  ) throws(GateError) {
    Heap.keepFreedMemory()
    // Before anything else: a gate that is started twice must leave the audit log of the first alone.
    let (loop, listener) = try Self.listen(at: settings.listener)
    address = listener.address
    journal = try Self.open(settings, policies.set, logger)
    self.settings = settings
    self.logger = logger
    inForce = Mutex(policies)
    loadedFiles = Mutex(LoadedFiles(settings, policies))
    do throws(TLSError) { tickets = try TicketKeys() } catch { throw .tls(error) }
    let tokenDigestKey = try Self.tokenDigestKey(settings.audit)
    content = ContentBudget(bytes: settings.limits.contentBytes, largestBody: settings.limits.bodyBytes)
    let budget = UpstreamBudget(limits: settings.limits.upstream)
    // Whatever is open by now stays open; each further worker opens some more.
    let plan = DescriptorPlan(
      limits: settings.limits, limit: OpenFiles.raiseLimit(),
      open: OpenFiles.count + settings.workers * Self.descriptorsPerWorker)
    if let warning = plan.warning { logger.warning("\(warning)") }
    // What the settings alone show was said when they were read.
    if plan.clients < settings.limits.connections,
      let warning = settings.limits.addressWarning(served: plan.clients)
    {
      logger.warning("\(warning)")
    }
    let shares = SubjectShares(SubjectLimits(settings.limits))
    let upstreamHealth = UpstreamHealth(settings.upstream.endpoint)
    let admission = ClientAdmission(limits: settings.limits, connections: plan.clients)
    var workers: [Worker] = []
    workers.append(
      try Self.worker(
        settings, loop: loop, listener: listener, policies: policies, counters: counters, journal: journal,
        budget: budget, admission: admission, content: content, shares: shares,
        upstreamHealth: upstreamHealth, tickets: tickets,
        tokenDigestKey: tokenDigestKey, logger: logger,
        observer: observer))
    while workers.count < settings.workers {
      let (loop, listener) = try Self.listen(at: settings.listener, joining: address)
      workers.append(
        try Self.worker(
          settings, loop: loop, listener: listener, policies: policies, counters: counters, journal: journal,
          budget: budget, admission: admission, content: content, shares: shares,
          upstreamHealth: upstreamHealth, tickets: tickets,
          tokenDigestKey: tokenDigestKey, logger: logger,
          observer: observer))
    }
    self.workers = workers
    threads = workers.enumerated().map { index, worker in
      let loop = worker.loop
      // The worker's root task: everything it does is a child of it.
      Task(executorPreference: loop) { await worker.serve() }
      return Thread.spawn(named: "worker-\(index)") { loop.run() }
    }
    record(
      GateEvent(
        .start,
        facts: (settings.recording.namesGate ? [] : [("gate", .text(settings.audit.gate.text))]) + [
          ("address", .text("\(address)")),
          ("upstream", .text("\(settings.upstream.endpoint)")),
          ("policy_digest", .text(policies.set.digestText)),
          ("token_digest_key", .text(tokenDigestKey.name)),
          ("token_digest_key_is_kept", .bool(settings.audit.tokenDigestKey != nil)),
        ] + Self.levels(settings.recording, policies.set)))
  }

  /// Puts new policies, certificates, authorities and the upstream token into force, all of them valid already. What
  /// else differs takes effect at a restart; its names are returned.
  package func adopt(
    _ settings: Settings, policies: PoliciesInForce, by cause: ReloadCause = .signal
  ) -> [String] {
    let late = settings.restartNeeded(after: self.settings)
    let old = inForce.withLock { inForce in
      defer { inForce = policies }
      return inForce.set.digestText
    }
    let files = LoadedFiles(settings, policies)
    let changes = loadedFiles.withLock { loadedFiles in
      defer { loadedFiles = files }
      return files.changes(since: loadedFiles)
    }
    counters.countReload(refused: false)
    journal.note(policyDigest: policies.set.digestText)
    record(
      GateEvent(
        .reload,
        facts: [
          ("cause", .text(cause.rawValue)), ("old_digest", .text(old)),
          ("new_digest", .text(policies.set.digestText)),
        ] + changes + (late.isEmpty ? [] : [("restart_needed", .list(late))])
          + Self.levels(self.settings.recording, policies.set)))
    for worker in workers {
      let tickets = tickets
      Task(executorPreference: worker.loop) { await worker.adopt(settings, policies, tickets: tickets) }
    }
    return late
  }

  /// Puts on record that what was found was not valid, and that nothing has changed.
  package func noteRefusedReload(_ reason: String, by cause: ReloadCause = .signal) {
    counters.countReload(refused: true)
    let digest = inForce.withLock { $0.set.digestText }
    record(
      GateEvent(
        .reloadRefused,
        facts: [
          ("cause", .text(cause.rawValue)), ("digest", .text(digest)),
          ("reason", .client(Array(reason.utf8))),
        ]))
  }

  /// Events are not waited for: no answer hangs on them.
  private func record(_ event: GateEvent) {
    var encoder = LineEncoder(gate: settings.recording.namesGate ? settings.audit.gate : nil)
    var batch = Batch()
    encoder.append(event, to: &batch)
    do throws(AuditError) {
      try journal.submit(batch) { [logger] result in
        if case .failure(let error) = result {
          logger.error("an event is not on record", metadata: ["reason": "\(error)"])
        }
      }
    } catch {
      logger.error("an event is not on record", metadata: ["reason": "\(error)"])
    }
  }

  /// Opens the audit files anew by their names: somebody has moved them.
  package func reopenAudit() { journal.reopen() }

  /// Refuses new connections, finishes what runs within the drain's time, closes the audit log. Blocks until then.
  package func stop() {
    record(GateEvent(.drain))
    for worker in workers {
      let loop = worker.loop
      loop.perform { Task(executorPreference: loop) { await worker.drain() } }
    }
    for thread in threads { thread.join() }
    let counts = counters.snapshot
    record(
      GateEvent(
        .stop,
        facts: [
          ("failed_handshakes", .number(counts.failedHandshakes)),
          ("silent_connections", .number(counts.silentConnections)),
        ]))
    let lost = journal.close(
      withinMilliseconds: Int64(settings.limits.auditTimeout.components.seconds * 1_000 + 1_000))
    if lost > 0 { logger.error("audit lines were not kept", metadata: ["lines": "\(lost)"]) }
  }

  /// A worker's loop and its listener: of the first worker, or of one that joins it at its address.
  private static func listen(
    at endpoint: Endpoint, joining first: Sockets.SocketAddress? = nil
  ) throws(GateError) -> sending (EventLoop, Listener) {
    do throws(SocketError) {
      let loop = try EventLoop()
      if let first { return (loop, try Listener(at: first, sharing: .joining, on: loop)) }
      guard let address = try Resolver.resolveBlocking(endpoint).first else {
        throw SocketError(doing: .resolve, because: .address("the address has no number"))
      }
      return (loop, try Listener(at: address, sharing: .opening, on: loop))
    } catch {
      throw .listen(endpoint, error)
    }
  }

  private static func open(
    _ settings: Settings, _ policies: PolicySet, _ logger: Logger
  ) throws(GateError) -> Journal {
    let events = JournalEvents(gate: settings.recording.namesGate ? settings.audit.gate : nil)
    var settings = settings.audit
    settings.policyDigest = policies.digestText
    settings.notify = { notice in
      logger.log(level: notice.isProblem ? .error : notice.isWarning ? .warning : .info, "\(notice)")
      events.note(notice)
    }
    do throws(AuditError) {
      let journal = try Journal.open(settings)
      events.attach(journal)
      return journal
    } catch {
      throw .audit(error)
    }
  }

  /// What is not recorded in full is said once, where the log of it begins.
  private static func levels(
    _ recording: AuditOptions, _ policies: PolicySet
  ) -> [(name: StaticString, fact: GateEvent.Fact)] {
    let facts: [(name: StaticString, text: String)] = [
      ("levels", recording.levels.text), ("policy_levels", policies.statedLevels),
    ]
    return facts.filter { !$0.text.isEmpty }.map { ($0.name, .text($0.text)) }
  }

  /// A listener, a set of events and what wakes it.
  private static let descriptorsPerWorker = 3

  private static func tokenDigestKey(_ settings: JournalSettings) throws(GateError) -> TokenDigestKey {
    if let key = settings.tokenDigestKey { return key }
    do throws(DigestError) { return try .ofThisRun() } catch { throw .keys(error) }
  }

  private static func worker(
    _ settings: Settings, loop: EventLoop, listener: sending Listener, policies: PoliciesInForce,
    counters: GateCounters,
    journal: Journal, budget: UpstreamBudget, admission: ClientAdmission, content: ContentBudget,
    shares: SubjectShares, upstreamHealth: UpstreamHealth,
    tickets: TicketKeys, tokenDigestKey: TokenDigestKey, logger: Logger, observer: DecisionObserver?
  ) throws(GateError) -> Worker {
    do throws(TLSError) {
      let limits = settings.limits
      let pool = try UpstreamPool(
        settings: settings.upstream, limits: limits.upstream, budget: budget, loop: loop)
      let state = WorkerState(
        loop: loop, limits: limits, recording: settings.recording,
        admission: admission,
        ledger: Ledger(
          journal: journal, loop: loop, patience: settings.limits.auditTimeout,
          gate: settings.recording.namesGate ? settings.audit.gate : nil),
        upstream: Upstream(
          settings: settings.upstream, pool: pool, budget: budget, limits: limits.upstream, loop: loop),
        content: content, shares: shares, upstreamHealth: upstreamHealth, policies: policies,
        counters: counters,
        tls: try ServerContext(settings.tls, ticketKeys: tickets), tokenDigestKey: tokenDigestKey,
        observer: observer,
        logger: logger)
      return Worker(loop: loop, listener: listener, state: state)
    } catch {
      throw .tls(error)
    }
  }
}

extension Settings {
  /// One worker for each processor.
  package static var defaultWorkers: Int { min(Processors.online, GateLimits.workers) }
}
