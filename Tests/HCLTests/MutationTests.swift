// Whatever is in a file: it is read or refused, and what was read prints back to the same.

import Bytes
import HCL
import JSON
import Testing

@Suite struct MutationTests {
  private static let seeds = ["accepted.txt", "refused.txt", "json.txt", "reader.txt"]
    .flatMap { VectorFile.cases($0).map(\.input) }
  private static let insertions =
    [
      "{", "}", "[", "]", "=", ",", "\"", "\\", "#", "/*", "*/", "<<EOF\n", "<<-EOF\n", "EOF\n", "${", "\n",
      "\t", "é", "0", "-", ".", "a", "true",
      "\\u00", "\\U", "\u{1}", "null", ":",
    ].map { Array($0.utf8) } + [[0xC3], [0xFF]]

  private func check(_ bytes: [UInt8]) {
    for file in ["x.hcl", "x.json"] {
      do throws(SyntaxError) {
        let document = try HCL.Document.parse(Source(file: file, bytes: bytes))
        let report = Report()
        readSample(document, into: report)
        for diagnostic in report.diagnostics { #expect(!diagnostic.rendered.isEmpty) }
        let printed = document.canonicalText
        do throws(SyntaxError) {
          let again = try HCL.Document.parse(Source(file: "again.hcl", text: printed))
          #expect(again.canonicalText == printed)
          #expect(again.body.shape == document.body.shape)
        } catch {
          Issue.record("\(error.diagnostic.rendered)\nin\n\(printed)")
        }
      } catch {
        #expect(error.position.line >= 1 && error.position.column >= 1)
        #expect(!error.diagnostic.rendered.isEmpty)
      }
    }
  }

  @Test func `every prefix is read or refused`() {
    for seed in Self.seeds {
      let bytes = Array(seed.utf8)
      for end in 0...min(bytes.count, 200) { check(Array(bytes[..<end])) }
    }
  }

  @Test func `random mutants are read or refused`() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<3000 {
      var mutant = Array(Self.seeds[random.below(Self.seeds.count)].utf8)
      for _ in 0...random.below(3) {
        let at = random.below(mutant.count + 1)
        switch random.below(3) {
        case 0: mutant.insert(contentsOf: Self.insertions[random.below(Self.insertions.count)], at: at)
        case 1: mutant.removeSubrange(at..<min(mutant.count, at + random.below(6)))
        default: if at < mutant.count { mutant[at] = UInt8(truncatingIfNeeded: random.next()) }
        }
      }
      check(mutant)
    }
  }

  @Test func `random documents print and parse back to the same`() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<500 {
      let body = random.body(depth: 0)
      let document = HCL.Document(source: Source(file: "x", text: ""), body: body)
      let printed = document.canonicalText
      // A text that begins with a brace would be JSON, but no item begins with one.
      let again = try HCL.Document.parse(Source(file: "x.hcl", text: printed))
      #expect(again.body.shape == body.shape, "\(printed)")
    }
  }
}

extension Body {
  /// Everything but the positions.
  fileprivate var shape: [String] {
    items.map { item in
      switch item {
      case .attribute(let attribute): "\(attribute.name.string.debugDescription)=\(attribute.value.shape)"
      case .block(let block):
        "\(block.type.string.debugDescription)\(block.labels.map(\.value))\(block.body.shape)"
      }
    }
  }
}

extension HCL.Value {
  fileprivate var shape: String {
    switch content {
    case .list(let values): "\(values.map(\.shape))"
    case .object(let body): "{\(body.shape)}"
    default: "\(content)"
    }
  }
}

/// The same numbers in every run, so that a failure can be found again.
private struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func text() -> String {
    let pieces = [
      "a", "policy", "\"", "\\", "\n", "\r", "\t", "$", "{", "${", "é", "\u{1F600}", " ", "\0", "\u{7F}",
      "\u{9F}", "\u{E000}", "#", "true",
    ]
    return (0..<below(5)).map { _ in pieces[below(pieces.count)] }.joined()
  }

  mutating func body(depth: Int) -> Body {
    let items = (0..<below(4)).map { _ in
      below(2) == 0
        ? Body.Item.attribute(
          Attribute(name: ByteString(text()), namePosition: .start, value: value(depth: depth)))
        : Body.Item.block(
          Block(
            type: ByteString(text()), position: .start,
            labels: (0..<below(3)).map { _ in Located(ByteString(text()), at: .start) },
            body: depth < 3 ? body(depth: depth + 1) : Body(items: [], position: .start)))
    }
    return Body(items: items, position: .start)
  }

  mutating func value(depth: Int) -> HCL.Value {
    let content: HCL.Value.Content =
      switch below(depth < 3 ? 5 : 3) {
      case 0: .string(ByteString(text()))
      case 1: .number(["0", "-1", "12.50", "1e9", "0xFF", "-0x1f"][below(6)])
      case 2: .bool(below(2) == 0)
      case 3: .list((0..<below(4)).map { _ in value(depth: depth + 1) })
      default: .object(body(depth: depth + 1))
      }
    return HCL.Value(position: .start, content: content)
  }
}
