// Answers that did not leave are told by name, until that is kept.

import Audit
import HTTP
import Testing

@testable import Record

@Suite struct WithheldAnswersTests {
  private func answers(_ range: Range<Int>) -> WithheldResponses {
    var answers = WithheldResponses()
    for number in range { answers.append(FieldValue(UInt64(number))) }
    return answers
  }

  private func told(_ answers: WithheldResponses) -> (ids: [String], more: Int) {
    var (ids, more) = ([String](), 0)
    for (_, fact) in answers.events.flatMap(\.facts) {
      switch fact {
      case .list(let names): ids += names
      case .number(let number): more += number
      default: Issue.record("\(fact)")
      }
    }
    return (ids, more)
  }

  @Test func `each is told once, some in a line`() {
    var answers = answers(0..<150)
    #expect(answers.events.count == 3)
    #expect(told(answers).ids == (0..<150).map(String.init))
    let taken = answers.take()
    #expect(answers.isEmpty && !taken.isEmpty)
  }

  @Test(arguments: [RecordLimits.withheldIDs - 1, RecordLimits.withheldIDs, RecordLimits.withheldIDs + 1])
  func `beyond the limit they are counted`(count: Int) {
    let told = told(answers(0..<count))
    #expect(told.ids.count == min(count, RecordLimits.withheldIDs))
    #expect(told.more == max(0, count - RecordLimits.withheldIDs))
  }

  @Test func `what could not be kept comes back, and none is forgotten`() {
    var answers = answers(0..<10)
    let taken = answers.take()
    for number in 10..<RecordLimits.withheldIDs { answers.append(FieldValue(UInt64(number))) }
    answers.putBack(taken)
    let told = told(answers)
    #expect(told.ids.count + told.more == RecordLimits.withheldIDs)
    #expect(told.ids.count == RecordLimits.withheldIDs && told.more == 0)
  }
}
