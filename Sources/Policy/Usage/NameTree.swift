// Names by the parts that hyphens make.
import Bytes

/// Every name that a record knows of one partition, in order, so that the names under one prefix are one range. Prefixes
/// end at hyphens: people build names so, and `team-a` is no more a part of `team-ab` than of `team-b`.
struct NameTree: Sendable {
  struct Node: Sendable {
    /// Empty at the root, else it ends with a hyphen.
    let prefix: ByteString
    let names: Range<Int>
    /// Names that have no further hyphen.
    fileprivate(set) var ends: [Int] = []
    fileprivate(set) var children: [Int] = []
  }

  let names: [ByteString]
  /// The root is the first.
  private(set) var nodes: [Node]

  init(_ names: some Sequence<ByteString>) {
    self.names = names.sorted()
    nodes = [Node(prefix: "", names: 0..<self.names.count)]
    let bytes = self.names.map { Array($0.utf8) }
    // Each node adds its children to the end, so that one pass reaches all.
    var next = 0
    while next < nodes.count {
      let length = nodes[next].prefix.count
      var index = nodes[next].names.lowerBound
      while index < nodes[next].names.upperBound {
        guard let hyphen = bytes[index][length...].firstIndex(of: UInt8(ascii: "-")) else {
          nodes[next].ends.append(index)
          index += 1
          continue
        }
        let prefix = bytes[index][...hyphen]
        let end = (index...).first { $0 == bytes.count || !bytes[$0].starts(with: prefix) } ?? bytes.count
        nodes[next].children.append(nodes.count)
        nodes.append(
          Node(prefix: ByteString(String(decoding: prefix, as: UTF8.self)), names: index..<end))
        index = end
      }
      next += 1
    }
  }
}

/// How many of a range of names have some property, each in one subtraction.
struct PrefixSums: Sendable {
  private var sums: [Int] = [0]

  init(_ flags: [Bool]) {
    sums.reserveCapacity(flags.count + 1)
    var sum = 0
    for flag in flags {
      if flag { sum += 1 }
      sums.append(sum)
    }
  }

  func count(in range: Range<Int>) -> Int { sums[range.upperBound] - sums[range.lowerBound] }
}
