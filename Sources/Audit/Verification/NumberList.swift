// Numbers of lines that are told one by one up to a limit, and counted beyond it.

package struct NumberList: Sendable, Equatable {
  package private(set) var numbers: [UInt64] = []
  package private(set) var count = 0

  mutating func add(_ number: UInt64) {
    count += 1
    if numbers.count < AuditLimits.notesTold { numbers.append(number) }
  }

  var text: String {
    numbers.map { "\($0)" }.joined(separator: ", ")
      + (count > numbers.count ? " and \(count - numbers.count) more" : "")
  }
}
