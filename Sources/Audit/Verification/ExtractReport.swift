// What the check of an extract has found, and what it could not know.
package import Digests

/// Each is proof that the extract is not as it was made from a log, or was never made from one.
package enum ExtractFinding: Sendable, Equatable {
  /// Neither a record as a gate writes it nor a line of an extract.
  case notInForm(line: Int)
  /// The first line says that it is an extract, and this one again.
  case secondHeader(line: Int)
  /// The number is not the one that must come.
  case notFollowing(line: Int, number: UInt64, expected: UInt64)
  /// The record says that it follows upon another link than the one behind what stands before it here.
  case broken(line: Int, number: UInt64)
  /// Digests of lines that nothing stands before which they could follow.
  case withoutBeginning(line: Int)
  /// The record's signature is not by a key that counts.
  case badSignature(line: Int)
  /// A start of a format whose lines cannot be proved one by one.
  case otherFormat(line: Int, Int)
  /// No good signature that vouches for these numbers follows.
  case unproven(ClosedRange<UInt64>, line: Int)
  /// Digests at the end that no signature follows.
  case withoutEnd(line: Int)
  /// More than is worth telling apart.
  case more(Int)

  package func describe(file: String) -> String {
    switch self {
    case .notInForm(let line):
      "\(file):\(line): neither a record as a gate writes it nor a line of an extract"
    case .secondHeader(let line): "\(file):\(line): another extract begins here; check each by itself"
    case .notFollowing(let line, let number, let expected):
      "\(file):\(line): number \(number) where \(expected) must come: something was taken out, moved or put in"
    case .broken(let line, let number):
      "\(file):\(line): number \(number) does not follow upon what stands before it: that was edited, or put in"
    case .withoutBeginning(let line): "\(file):\(line): digests that follow upon nothing"
    case .badSignature(let line):
      "\(file):\(line): its signature is not the given key's over this record"
    case .otherFormat(let line, let format):
      "\(file):\(line): begins lines of format \(format), of which none can be proved without all others"
    case .unproven(let numbers, let line):
      "\(file):\(line): \(ExtractReport.text(numbers)) not proven: no good signature follows that vouches for it"
    case .withoutEnd(let line): "\(file):\(line): ends with lines left out that no signature follows"
    case .more(let count): "\(count) further findings, not told apart"
    }
  }
}

package struct ExtractReport: Sendable {
  /// What one signature proves.
  package struct Proof: Sendable, Equatable {
    /// The number of the record that bears it.
    package let signature: UInt64
    package let key: VerifyingKey
    package let numbers: NumberRanges
  }

  package internal(set) var file = ""
  /// Lines of the log that are here.
  package internal(set) var here = NumberRanges()
  /// Those of them that bear a good signature.
  package internal(set) var signed: UInt64 = 0
  package internal(set) var leftOut = NumberRanges()
  /// The number of the last record with a good signature: so many lines the log had at least.
  package internal(set) var lastSigned: UInt64?
  /// Stretches that hang together.
  package internal(set) var parts = 0
  package internal(set) var signers: [VerifyingKey] = []
  package internal(set) var keyWasGiven = false
  /// The first of them.
  package private(set) var proofs: [Proof] = []
  package private(set) var proofCount = 0
  package private(set) var findings: [ExtractFinding] = []
  private var untold = 0

  package var isProven: Bool { findings.isEmpty && here.count > 0 }

  mutating func add(_ finding: ExtractFinding) {
    if findings.count < AuditLimits.findingsTold {
      findings.append(finding)
    } else {
      untold += 1
      findings[AuditLimits.findingsTold - 1] = .more(untold + 1)
    }
  }

  mutating func add(_ proof: Proof) {
    proofCount += 1
    if proofs.count < AuditLimits.notesTold { proofs.append(proof) }
    if !signers.contains(proof.key), signers.count < AuditLimits.notesTold { signers.append(proof.key) }
  }

  static func text(_ numbers: ClosedRange<UInt64>) -> String {
    numbers.lowerBound == numbers.upperBound
      ? "number \(numbers.lowerBound) is" : "numbers \(numbers.lowerBound) to \(numbers.upperBound) are"
  }

  /// What nobody can know who has the extract alone, in sentences.
  package var limits: [String] {
    var limits: [String] = []
    if leftOut.count > 0 {
      limits.append(
        "what the lines say that were left out, and whether more of them belong to what was asked for")
    }
    if parts > 1 {
      limits.append(
        "whether the \(parts) parts are of one log: each is signed by itself, and a key may sign several logs"
      )
    }
    if !keyWasGiven, !signers.isEmpty {
      let prints = signers.map { $0.fingerprint.hexadecimal }.joined(separator: ", ")
      limits.append(
        "the signatures are good for the key that the extract itself names, fingerprint \(prints): anyone who made it could "
          + "have put a key there; not checked: whose key it is; give --public-key")
    }
    if let lastSigned { limits.append("whether the log goes on after number \(lastSigned)") }
    return limits
  }
}

/// Numbers in ascending order, told as ranges: the first few, and the count of all.
package struct NumberRanges: Sendable, Equatable {
  package private(set) var count: UInt64 = 0
  package private(set) var ranges: [ClosedRange<UInt64>] = []
  private var isWhole = true

  package init() {}

  package mutating func add(_ numbers: ClosedRange<UInt64>) {
    let (sum, overflows) = count.addingReportingOverflow(numbers.upperBound - numbers.lowerBound + 1)
    count = overflows ? .max : sum
    if isWhole, let last = ranges.last, last.upperBound &+ 1 == numbers.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound...numbers.upperBound
    } else if ranges.count < AuditLimits.notesTold {
      ranges.append(numbers)
    } else {
      isWhole = false
    }
  }

  /// `17, 45 to 46 and more`.
  package var text: String {
    let texts = ranges.map {
      $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
    }
    return texts.joined(separator: ", ") + (isWhole ? "" : " and more")
  }
}
