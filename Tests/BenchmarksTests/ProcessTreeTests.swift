// What is read of /proc.

import Glibc
import Testing

@testable import benchmarks

@Suite struct ProcessTreeTests {
  @Test func `time is found behind a name with spaces and parentheses`() {
    let stat = "4711 (a) R 1) b) S 1 4711 4711 0 -1 4194560 900 0 0 0 123 45 6 7 20 0 3 0 100 1000 200"
    #expect(ProcessorTime(stat: stat) == ProcessorTime(user: 123, system: 45))
  }

  @Test(arguments: ["", "4711 (a) S 1 2", "4711 (a) S 1 2 3 4 5 6 7 8 9 10 x y"])
  func `what is no stat has no time`(_ text: String) {
    #expect(ProcessorTime(stat: text) == nil)
  }

  @Test func `the machine's time is all but idling and waiting`() {
    let text = "cpu  100 10 30 5000 400 3 2 1 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"
    #expect(ProcessorTime(machineStat: text) == ProcessorTime(user: 110, system: 36))
    #expect(ProcessorTime(machineStat: "cpu0 1 2 3 4 5 6 7 8") == nil)
    #expect(ProcessorTime.machine.user > 0)
  }

  @Test func `a tick is a hundredth of a second`() {
    #expect(ProcessorTime(user: 1, system: 250).userMicroseconds == 10_000)
    #expect(ProcessorTime(user: 1, system: 250).systemMicroseconds == 2_500_000)
    #expect(sysconf(Int32(_SC_CLK_TCK)) == ProcessorTime.ticksPerSecond)
  }

  @Test func `memory is told in both ways`() {
    let text = """
      5581e000-7ffc000 ---p 00000000 00:00 0 [rollup]
      Rss:               10432 kB
      Pss:                5120 kB
      Pss_Dirty:          1000 kB
      """
    #expect(Memory(smapsRollup: text) == Memory(residentKilobytes: 10_432, proportionalKilobytes: 5_120))
    #expect(Memory(smapsRollup: "Rss: 1 kB") == nil)
  }

  @Test func `this process uses memory and time`() {
    let tree = ProcessTree(root: getpid())
    #expect(tree.members.first == getpid())
    #expect(tree.memory.residentKilobytes > 1_000)
    var waste = 0
    let end = Moment.now + 0.1
    while Moment.now < end { waste &+= 1 }
    #expect(tree.processorTime.user + tree.processorTime.system > 0, "\(waste)")
  }

  @Test func `a process that is no more costs nothing`() {
    #expect(ProcessTree(root: Int32.max).processorTime == ProcessorTime())
    #expect(ProcessTree(root: Int32.max).memory == Memory())
  }
}
