// One client of the embedded Consul: request after request, answer after answer.

internal import Bytes
internal import HTTP
internal import Messages
internal import Sockets

/// Confined to its host's loop.
final class ConsulConnection {
  let stream: Stream
  private let datacenter: PeeringNetwork.DatacenterID
  private var isStopping = false
  private var date = DateField()

  init(_ stream: Stream, datacenter: PeeringNetwork.DatacenterID) {
    self.stream = stream
    self.datacenter = datacenter
  }

  func run(answer: (ConsulRequest, PeeringNetwork.DatacenterID) async -> ConsulResponse?) async {
    defer { stream.close() }
    let channel = Channel(plain: stream)
    let reader = RequestReader(channel, limits: .standard)
    do throws(MessageError) {
      // Consul itself has no time-out here: long-idle pools of clients stay.
      while !isStopping, let head = try await reader.head(idle: .never, completion: .seconds(60)) {
        if head.expectsContinue {
          channel.output.append(HeadWriter(response: .continue).finish())
          guard await flush(channel) else { return }
        }
        let body = try await reader.body(of: head, within: .seconds(60))
        guard let reply = await answer(ConsulRequest(head, body), datacenter) else { return }
        guard await send(reply, to: head, over: channel) else { return }
      }
    } catch {
      guard case .malformed(let fault) = error else { return }
      _ = await send(ConsulResponse.text(Int(fault.status.rawValue), "\(fault)"), to: nil, over: channel)
    }
  }

  /// Ends a connection that waits for a request; one that is answering ends with its answer.
  func stop() {
    isStopping = true
    stream.readingPlace.wake(.interrupted)
  }

  private func send(_ reply: ConsulResponse, to head: RequestHead?, over channel: Channel) async -> Bool {
    guard let status = StatusCode(rawValue: UInt16(clamping: reply.status)) else { return false }
    var persists = head?.isPersistent == true && !isStopping
    var writer = HeadWriter(response: status)
    for (name, text) in reply.fields {
      guard let name = FieldName.allCases.first(where: { ByteString("\($0.spelling)") == ByteString(name) }),
        let value = FieldValue(text)
      else { continue }
      if name == .connection { persists = false } else { writer.field(name, value) }
    }
    writer.field(.date, date.value(at: WallClock.seconds))
    writer.field(.contentLength, UInt64(reply.body.count))
    if !persists { writer.field(.connection, literal: "close") }
    channel.output.append(writer.finish())
    if head?.method != .head { channel.output.append(reply.body) }
    return await flush(channel) && persists
  }

  private func flush(_ channel: Channel) async -> Bool {
    do throws(ChannelError) {
      try await channel.flush(by: stream.loop.now.advanced(by: .seconds(60)))
      return true
    } catch {
      return false
    }
  }
}

extension ConsulRequest {
  init(_ head: RequestHead, _ body: [UInt8]) {
    var fields: [(name: ByteString, value: [UInt8])] = []
    head.fields.forEach { name, value in fields.append((ByteString("\(name.spelling)"), Array(value.bytes))) }
    self.init(method: ByteString(head.method.description), target: head.target, fields: fields, body: body)
  }
}

extension Timestamp {
  /// The time of day, UTC.
  package static var wallClock: Timestamp { Timestamp(nanoseconds: WallClock.nanoseconds) }
}
