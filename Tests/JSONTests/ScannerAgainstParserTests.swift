// Two readers of one grammar, written apart, must agree on every text.

import JSON
import Testing

@Suite struct ScannerAgainstParserTests {
  private static let seeds = [
    #"[{"ID":"462c45e8-018e","Name":"cluster-01","State":"ACTIVE","#
      + #""PeerCAPems":["-----BEGIN\nMII=\n-----END\n"],"CreateIndex":89}]"#,
    """
    [
        {
            "Name": "cluster-02",
            "Partition": "eu",
            "StreamStatus": {
                "ImportedServices": null
            }
        },
        {}
    ]
    """,
    #"[{"Name":"é€😀","n":-1.5e+3,"t":[true,false,null,[],{}],"\u004eame":""},"x",0]"#,
  ]
  /// Elements that are like one before, and ways to part from it: at a value, at its end, at a key, at a bracket.
  private static let alike = [
    #"[{"ID":"1","Name":"a-1","n":89,"t":null,"s":{"x":[1,"y"]},"Partition":""},"#
      + #"{"ID":"22","Name":"b","n":8,"t":"2026","s":{"x":[12,"yy"]},"Partition":"eu"},"#
      + #"{"ID":"","Name":"c\"d","n":890.5e1,"t":{"deep":[{}]},"s":{"x":[1,"y",2]},"Partition":null},"#
      + #"{"ID":"1","Name":"a-1","n":89,"t":null,"s":{"x":[1,"y"]},"Partition":""},"#
      + #"{"ID":"1","name":"a-1","n":89,"t":null,"s":{"x":[1,"y"]},"Partition":""},{},"#
      + #"{"ID":"1","Name":"a-1","n":89,"t":null,"s":{"x":[1,"y"]}}]"#,
    #"[{"Name":1},{"Name":"1"},{"Name":[1]},{"Name":"é"},{"Name":"\u0061"},{"Name":"a","Name":"b"},{"Name":"a","Name":"c"}]"#,
    #"[{"a":1},{"a":12},{"a":1 },{"a":1}]"#,
    // Values that change one after the other, in no order; and stretches that are compared 64 bytes at a time.
    #"[{"a":1,"b":1,"c":1,"d":1,"e":1},{"a":1,"b":1,"c":2,"d":1,"e":1},{"a":2,"b":1,"c":1,"d":1,"e":1},"#
      + #"{"a":1,"b":1,"c":1,"d":1,"e":22},{"a":1,"b":"","c":3,"d":1,"e":1},{"a":3,"b":2,"c":4,"d":5,"e":6}]"#,
    "[\(long("1", "x")),\(long("1", "x")),\(long("22", "x")),\(long("3", "yy")),\(long("", "x"))]",
  ]

  private static func long(_ name: String, _ last: String) -> String {
    let stretch = String(repeating: "-", count: 70)
    return #"{"ID":"\#(stretch)","Name":"\#(name)","s":["\#(stretch)",true,"\#(stretch)"],"n":"\#(last)"}"#
  }

  private static let all = seeds + alike

  private static let insertions =
    [
      "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", "1e", ".", "null", "\\u00", "\\ud83d", "\n", " ",
      "\u{1}", "é", "\"a\":1,",
    ].map { Array($0.utf8) } + [[0xC3], [0xFF], [0x80]]

  /// The scanner takes what the parser takes, and besides only repeated keys and unpaired surrogates.
  private func checkAgreement(_ text: [UInt8]) {
    var elements: [ScannedElement] = []
    var scanned: Malformation?
    do throws(Malformation) {
      try ElementScanner(seeking: ["Name", "Partition"]).scan(text.span) { elements.append($0) }
    } catch {
      scanned = error
    }
    checkTurns(text, elements, scanned)
    let shown = String(decoding: text, as: UTF8.self)
    do throws(Malformation) {
      let root = try Document.parse(text.span)
      guard let parsed = root.array else {
        #expect(scanned != nil, "no list, yet scanned: \(shown)")
        return
      }
      #expect(scanned == nil, "parsed, yet not scanned: \(shown)")
      guard parsed.count == elements.count else {
        Issue.record("\(parsed.count) elements parsed, \(elements.count) scanned: \(shown)")
        return
      }
      for (element, scanned) in zip(parsed, elements) {
        let alone = Array(text[scanned.range])
        let parsed = try? Document.parse(alone.span)
        #expect(parsed?.value.isAlike(element.value) == true, "another element: \(shown)")
        checkFindings(scanned, in: text)
      }
    } catch {
      switch error.reason {
      case .duplicateKey, .loneSurrogate: break
      default: #expect(scanned != nil, "scanned, yet \(error): \(shown)")
      }
    }
  }

  /// Wherever a scan is interrupted, it says the same.
  private func checkTurns(_ text: [UInt8], _ elements: [ScannedElement], _ fault: Malformation?) {
    for bytes in [1, 7] {
      var scan = ElementScan(of: .list, by: ElementScanner(seeking: ["Name", "Partition"]))
      var found: [ScannedElement] = []
      var error: Malformation?
      do throws(Malformation) {
        while try !scan.advance(in: text.span, by: bytes, { found.append($0) }) {}
      } catch let thrown {
        error = thrown
      }
      let shown = String(decoding: text, as: UTF8.self)
      #expect(error == fault, "\(shown)")
      #expect(found.map(\.range) == elements.map(\.range), "\(shown)")
      #expect(found.map(\.isObject) == elements.map(\.isObject), "\(shown)")
      #expect(found.map { [$0[0], $0[1]] } == elements.map { [$0[0], $0[1]] }, "\(shown)")
    }
  }

  /// What the scan of a list says of an element is what the scan of that element alone says, which has no other to go
  /// by.
  private func checkFindings(_ element: ScannedElement, in text: [UInt8]) {
    let alone = [UInt8(ascii: "[")] + text[element.range] + [UInt8(ascii: "]")]
    var single: ScannedElement?
    try? ElementScanner(seeking: ["Name", "Partition"]).scan(alone.span) { single = $0 }
    let shown = String(decoding: text, as: UTF8.self)
    #expect(single?.range == 1..<alone.count - 1, "\(shown)")
    #expect(single?.isObject == element.isObject, "\(shown)")
    for index in 0..<2 {
      switch (single?[index], element[index]) {
      case (.string(let range, let isEscaped), .string(let other, let isOtherEscaped)):
        #expect(Array(alone[range]) == Array(text[other]) && isEscaped == isOtherEscaped, "\(shown)")
      case (let finding, let other): #expect(finding == other, "\(shown)")
      }
    }
  }

  @Test func `they agree on every prefix`() {
    for seed in Self.all {
      let bytes = Array(seed.utf8)
      for end in 0...bytes.count { checkAgreement(Array(bytes[..<end])) }
    }
  }

  @Test func `they agree when one byte is lost or changed`() {
    for seed in Self.all {
      let bytes = Array(seed.utf8)
      for index in bytes.indices {
        var mutant = bytes
        mutant.remove(at: index)
        checkAgreement(mutant)
        for bit in 0..<8 {
          mutant = bytes
          mutant[index] ^= 1 << UInt8(bit)
          checkAgreement(mutant)
        }
      }
    }
  }

  @Test func `they agree on random mutants`() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<40_000 {
      var mutant = Array(Self.all[random.below(Self.all.count)].utf8)
      for _ in 0...random.below(3) {
        let at = random.below(mutant.count + 1)
        switch random.below(3) {
        case 0: mutant.insert(contentsOf: Self.insertions[random.below(Self.insertions.count)], at: at)
        case 1: mutant.removeSubrange(at..<min(mutant.count, at + random.below(6)))
        default: if at < mutant.count { mutant[at] = UInt8(truncatingIfNeeded: random.next()) }
        }
      }
      checkAgreement(mutant)
    }
  }
}

extension Value {
  /// Equal, positions aside.
  fileprivate func isAlike(_ other: Value) -> Bool {
    switch (self, other) {
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.value.isAlike($1.value) }
    case (.object(let left), .object(let right)):
      left.count == right.count
        && zip(left, right).allSatisfy { $0.name == $1.name && $0.node.value.isAlike($1.node.value) }
    default: self == other
    }
  }
}

/// The same numbers in every run, so that a failure can be found again.
struct SplitMix64: RandomNumberGenerator {
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
}
