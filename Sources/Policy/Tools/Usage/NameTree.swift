// Names by the parts that hyphens make.
import Bytes

/// Every name that a record knows of one partition, in order, so that the names under one prefix are one range. Prefixes
/// end at hyphens: people build names so, and `team-a` is no more a part of `team-ab` than of `team-b`.
struct NameTree: Sendable {
  struct Node: Sendable {
    /// Empty at the root, else it ends with a hyphen.
    let prefix: ByteString
    let names: Range<Int>
    /// Nodes of the prefixes that are longer by one part, in the order of their names.
    fileprivate(set) var children: [Int] = []
  }

  let names: [ByteString]
  /// The root is the first.
  private(set) var nodes: [Node]
  private let places: [ByteString: Int]

  init(_ names: some Sequence<ByteString>) {
    self.names = names.sorted()
    places = Dictionary(zip(self.names, self.names.indices)) { first, _ in first }
    nodes = [Node(prefix: "", names: 0..<self.names.count)]
    let bytes = self.names.map { Array($0.utf8) }
    // Each node adds its children to the end, so that one pass reaches all.
    var next = 0
    while next < nodes.count {
      let length = nodes[next].prefix.count
      var index = nodes[next].names.lowerBound
      while index < nodes[next].names.upperBound {
        guard let hyphen = bytes[index][length...].firstIndex(of: UInt8(ascii: "-")) else {
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

  /// Where a name stands.
  func index(of name: ByteString) -> Int? { places[name] }

  /// The child under which a name of the node stands; nil if the name has no further hyphen.
  func child(of node: Node, holding name: Int) -> Int? {
    // The last one that begins no later. By halves: a node may have as many children as there are names.
    var (low, high) = (0, node.children.count)
    while low < high {
      let middle = (low + high) / 2
      if nodes[node.children[middle]].names.lowerBound <= name { low = middle + 1 } else { high = middle }
    }
    guard low > 0, nodes[node.children[low - 1]].names.contains(name) else { return nil }
    return node.children[low - 1]
  }
}
