// What the kernel says about a process and those it has started: processor time and memory.

/// Time on a processor, in the kernel's ticks.
struct ProcessorTime: Equatable, Sendable {
  /// USER_HZ: fixed in Linux's interface to programs.
  static let ticksPerSecond = 100

  var user = 0
  var system = 0

  var userMicroseconds: Double { Double(user) * 1_000_000 / Double(Self.ticksPerSecond) }
  var systemMicroseconds: Double { Double(system) * 1_000_000 / Double(Self.ticksPerSecond) }

  init(user: Int = 0, system: Int = 0) {
    self.user = user
    self.system = system
  }

  /// Of the text of /proc/PID/stat (proc(5)). The command's name may hold spaces and parentheses.
  init?(stat: String) {
    guard let end = stat.lastIndex(of: ")") else { return nil }
    // Field 3 is the first after the name; 14 and 15 are utime and stime, of all threads, those that ended included.
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
    self.init(user: user, system: system)
  }

  /// Of the text of /proc/stat: what all processors together have spent on anything, other machines of the same host
  /// included (`steal`).
  init?(machineStat: String) {
    guard let line = machineStat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
    // user, nice, system, idle, iowait, irq, softirq, steal
    let fields = line.split(separator: " ").dropFirst().compactMap { Int($0) }
    guard fields.count >= 8 else { return nil }
    self.init(user: fields[0] + fields[1], system: fields[2] + fields[5] + fields[6] + fields[7])
  }

  static var machine: ProcessorTime {
    Files.text("/proc/stat").flatMap { ProcessorTime(machineStat: $0) } ?? ProcessorTime()
  }

  static func + (left: ProcessorTime, right: ProcessorTime) -> ProcessorTime {
    ProcessorTime(user: left.user + right.user, system: left.system + right.system)
  }

  static func - (left: ProcessorTime, right: ProcessorTime) -> ProcessorTime {
    ProcessorTime(user: left.user - right.user, system: left.system - right.system)
  }
}

/// Memory in kilobytes. What several processes share counts in each one's RSS and in parts in their PSS.
struct Memory: Equatable, Sendable {
  var residentKilobytes = 0
  var proportionalKilobytes = 0

  init(residentKilobytes: Int = 0, proportionalKilobytes: Int = 0) {
    self.residentKilobytes = residentKilobytes
    self.proportionalKilobytes = proportionalKilobytes
  }

  /// Of the text of /proc/PID/smaps_rollup.
  init?(smapsRollup: String) {
    func kilobytes(_ name: String) -> Int? {
      let line = smapsRollup.split(separator: "\n").first { $0.hasPrefix(name) }
      return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
    guard let resident = kilobytes("Rss:"), let proportional = kilobytes("Pss:") else { return nil }
    self.init(residentKilobytes: resident, proportionalKilobytes: proportional)
  }

  static func + (left: Memory, right: Memory) -> Memory {
    Memory(
      residentKilobytes: left.residentKilobytes + right.residentKilobytes,
      proportionalKilobytes: left.proportionalKilobytes + right.proportionalKilobytes)
  }
}

/// A process and all its descendants, looked up anew at each question.
struct ProcessTree: Sendable {
  let root: Int32

  /// A server whose main process only watches over its workers is the sum of them.
  var members: [Int32] {
    var found = [root]
    var next = 0
    while next < found.count {
      let list = Files.text("/proc/\(found[next])/task/\(found[next])/children") ?? ""
      found += list.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
      next += 1
    }
    return found
  }

  var processorTime: ProcessorTime {
    members.reduce(ProcessorTime()) { sum, id in
      sum + (Files.text("/proc/\(id)/stat").flatMap { ProcessorTime(stat: $0) } ?? ProcessorTime())
    }
  }

  var memory: Memory {
    members.reduce(Memory()) { sum, id in
      sum + (Files.text("/proc/\(id)/smaps_rollup").flatMap { Memory(smapsRollup: $0) } ?? Memory())
    }
  }
}
