// The operator's log of the commands that run a gate.

import ArgumentParser
import Gate
import Logging
import Sockets

extension ParsableCommand {
  /// Once, before anything logs.
  static func startLog(level: Logger.Level) throws -> OperatorLog {
    do throws(SocketError) {
      let log = try Terminal.startLog()
      LoggingSystem.bootstrap { log.handler(label: $0, level: level, thins: true) }
      return log
    } catch {
      throw fail("\(error)")
    }
  }
}
