// That the measure by which readers are held to linear time tells the square from it.

import Bytes
import Support
import Testing

@Suite struct GrowthTests {
  @Test func `what takes the square of a text's length is found`() {
    let square = Growth.ratio(
      { Self.square(200) }, { Self.square(200 * Growth.factor) })
    #expect(square > Growth.limit)
  }

  private static func square(_ count: Int) {
    var sum = 0
    for row in 0..<count { for column in 0..<count where row & column == 0 { sum &+= column } }
    #expect(sum >= 0)
  }

  @Test func `a text of Swift's takes the square of its marks, and one of bytes does not`() {
    let marks = "\u{315}\u{301}"
    #expect(
      Growth.ratio(of: marks) { text in _ = text + "a" == text + "b" || text.hashValue == 0 } > Growth.limit)
    #expect(Growth.ratio(of: marks) { _ = ByteString($0 + "a") == ByteString($0 + "b") } < Growth.limit)
  }
}
