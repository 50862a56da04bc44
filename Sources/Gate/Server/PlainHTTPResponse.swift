// What a client reads that wrote http:// instead of https://.

internal import Record
internal import Sockets

enum PlainHTTPResponse {
  /// Says what is wrong, as Go and nginx do, and listens until that has been read.
  @inline(never)
  static func send(on stream: Stream, of state: WorkerState) async {
    let answer = ByteQueue(from: state.loop.blocks)
    answer.append(RecordedResponse.plainHTTP)
    // Small enough for an empty socket: nobody is waited for.
    guard (try? stream.send(from: answer)) != nil else { return }
    stream.finishWriting()
    // As briefly as in a drain: who has not even shaken hands is not listened to for long.
    var linger = Linger(state.loop, limits: state.limits, isMidMessage: false, isDraining: true)
    await linger.run(on: stream)
  }
}
