// `mode` and `group` of a file sink: who may read its files besides the gate.

internal import Audit
internal import Bytes
internal import HCL

enum SinkFileAccess {
  static func read(_ reader: inout Reader) -> FileAccess {
    var access = FileAccess()
    if let mode = reader.string("mode") {
      access.mode = FileAccess.mode(mode.value)
      if access.mode == nil {
        reader.error(
          at: mode.position,
          "mode must be \"0600\", \"0640\" or \"0644\": the gate reads and writes, its group and others may read, and "
            + "nobody else may write")
      }
    }
    if let group = reader.string("group") {
      access.group = Accounts.group(group.value)
      if access.group == nil {
        reader.error(
          at: group.position,
          "there is no group \(Quoting.quoted(group.value)) on this machine; make it, or name another")
      }
    }
    return access
  }
}
