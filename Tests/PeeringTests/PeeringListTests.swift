// Lists: what is kept is kept byte for byte, and what cannot be judged is never passed on.

import Foundation
import Testing

@testable import Peering

struct PeeringListTests {
  private static let visible: Set<String> = ["a", "c"]

  private func filter(
    _ text: String, seen: ((String, String) -> Void)? = nil
  ) throws -> PeeringList {
    try PeeringList.filter(Array(text.utf8)) { name, partition in
      seen?(name.text, partition?.name ?? "asked for")
      return Self.visible.contains(name.text)
    }
  }

  private func body(_ list: PeeringList) -> String { String(decoding: list.body, as: UTF8.self) }

  @Test func `elements are kept byte for byte, in their order`() throws {
    let a = #"{"ID":"1", "Name" : "a","Meta":{"k":"é\u0041"},"N":1.50e+3}"#
    let c = #"{"Name":"c","StreamStatus":{"Name":"b","Services":["]","}"]}}"#
    let list = try filter(" [ \(a) , {\"Name\":\"b\"},\n \(c)\t] \n")
    #expect(body(list) == "[\(a),\(c)]")
    #expect(list.kept == 2 && list.removed == 1)
  }

  @Test(arguments: [
    #"[{"Name":"a"},{"Name":"c"}]"#, "[\n    {\n        \"Name\": \"a\"\n    }\n]\n", "[]", " [ ] ", "null",
    " null\n",
  ])
  func `a list of which nothing is removed is left alone`(_ text: String) throws {
    let list = try filter(text)
    #expect(body(list) == text)
    #expect(list.removed == 0)
  }

  @Test func `nothing left is an empty list`() throws {
    let list = try filter(#"[{"Name":"b"},{"Name":"d"}]"#)
    #expect(body(list) == "[]" && list.kept == 0 && list.removed == 2)
  }

  @Test(arguments: ["*", "EU", "eu_1", "-eu", "ü", " ", "\\u0065u", "eu.", String(repeating: "e", count: 64)])
  func `an element of a partition that is no label is hidden`(_ partition: String) throws {
    var seen: [String] = []
    let list = try filter("[{\"Name\":\"a\",\"Partition\":\"\(partition)\"},{\"Name\":\"c\"}]") { name, _ in
      seen.append(name)
    }
    #expect(body(list) == #"[{"Name":"c"}]"#)
    #expect(list.removed == 1)
    #expect(seen == ["c"])
  }

  /// As Consul writes a list of these names.
  private func list(_ names: [String], indented: Bool) -> String {
    if names.isEmpty { return indented ? "[]\n" : "[]" }
    guard indented else { return "[" + names.map { "{\"Name\":\"\($0)\"}" }.joined(separator: ",") + "]" }
    let elements = names.map { "\n    {\n        \"Name\": \"\($0)\"\n    }" }
    return "[" + elements.joined(separator: ",") + "\n]\n"
  }

  @Test func `what is left looks as if nothing else had been there`() throws {
    for indented in [false, true] {
      for names in [
        [], ["a"], ["b"], ["a", "b"], ["b", "a"], ["b", "d"], ["a", "b", "c"], ["b", "a", "d", "c"],
      ] {
        let kept = names.filter(Self.visible.contains)
        #expect(try body(filter(list(names, indented: indented))) == list(kept, indented: indented))
      }
    }
  }

  @Test(arguments: [
    ("[", ", ", "]"), ("[ ", ",", " ]"), ("[\n  ", ",\n  ", "\n]\n"), ("[\n    ", ",\n    ", "\n]"),
    ("[\n    ", ",\n   ", "\n]\n"), (" [", ",", "]\n"), ("[", ",", "]\n"), ("[\n    ", ",", "]"),
  ])
  func `in a layout that is not Consul's, too`(_ layout: (String, String, String)) throws {
    let write = { (names: [String]) in
      layout.0 + names.map { "{\"Name\":\"\($0)\"}" }.joined(separator: layout.1) + layout.2
    }
    #expect(try body(filter(write(["a", "c"]))) == list(["a", "c"], indented: false))
    #expect(try body(filter(write(["a", "b", "c"]))) == list(["a", "c"], indented: false))
    #expect(try body(filter(write(["b", "d"]))) == "[]")
  }

  @Test func `an indented list stays JSON`() throws {
    let list = try filter("[\n  {\n    \"Name\": \"b\"\n  },\n  {\n    \"Name\": \"c\"\n  }\n]\n")
    #expect(body(list) == "[{\n    \"Name\": \"c\"\n  }]")
  }

  @Test func `a partition counts as the one asked for unless an element names another`() throws {
    var seen: [String] = []
    let text = #"[{"Name":"a"},{"Name":"b","Partition":""},{"Name":"c","Partition":"us"}]"#
    _ = try filter(text) { seen.append("\($0) \($1)") }
    #expect(seen == ["a asked for", "b asked for", "c us"])
  }

  @Test func `a name in upper case is judged by the name that Consul finds it by`() throws {
    var seen: [String] = []
    let list = try filter(#"[{"Name":"A"},{"Name":"B"}]"#) { name, _ in seen.append(name) }
    #expect(seen == ["a", "b"])
    #expect(body(list) == #"[{"Name":"A"}]"#)
  }

  @Test(
    arguments: [
      (#"[{"Name":"a"},{}]"#, ListFault.noName(element: 1)),
      (#"[{"name":"a"}]"#, .ambiguousName(element: 0)),
      (#"[{"Name":"a","name":"b"}]"#, .ambiguousName(element: 0)),
      (#"[{"Name":"a","Name":"a"}]"#, .ambiguousName(element: 0)),
      (#"[{"Nam\u0065":"a"}]"#, .ambiguousName(element: 0)),
      (#"[{"Name":null}]"#, .noName(element: 0)),
      (#"[{"Name":["a"]}]"#, .noName(element: 0)),
      (#"[{"Name":"a","Partition":null}]"#, .invalidPartition(element: 0)),
      (#"[{"Name":"a","Partition":"eu","Partition":"us"}]"#, .invalidPartition(element: 0)),
      (#"["a"]"#, .noObject(element: 0)),
      (#"[{"Name":"a"},null]"#, .noObject(element: 1)),
      (#"[[{"Name":"a"}]]"#, .noObject(element: 0)),
    ] as [(String, ListFault)])
  func `an element that cannot be judged fails the list`(_ text: String, _ fault: ListFault) {
    #expect(throws: fault) { try filter(text) }
  }

  @Test(arguments: [
    "", " ", "{}", "nul", "nulll", "null null", "[", "[]]", "[] x", #"[{"Name":"a"}"#, #"[{"Name":"a"},]"#,
    #"Invalid index[{"Name":"a"}]"#, #"[{"Name":"a"}][{"Name":"b"}]"#, #"[{"Name":"a}]"#,
    "[{\"Name\":\"a\u{1}\"}]",
    #"[{"Name":"a"} {"Name":"b"}]"#, "\u{FEFF}[]",
  ])
  func `what is no list is malformed`(_ text: String) {
    #expect {
      try filter(text)
    } throws: { error in
      if case .malformed? = error as? ListFault { true } else { false }
    }
  }

  @Test func `a list cut off anywhere is refused`() throws {
    let text = Array(#"[{"Name":"a","Meta":{"k":[1,"x\\"]}},{"Name":"b"}]"#.utf8)
    for count in 0..<text.count {
      #expect(throws: ListFault.self) {
        try PeeringList.filter(Array(text[..<count])) { _, _ in true }
      }
    }
  }

  @Test func `any selection from any list is what a JSON reader would select`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let names = (0..<Int.random(in: 0...20, using: &random)).map { "p\($0)" }
      let kept = Set(names.filter { _ in Bool.random(using: &random) })
      let elements = names.map {
        ["Name": $0, "Meta": ["k": "]}\"\\,[{\($0)"], "Index": [1, 2]] as [String: Any]
      }
      let options: JSONSerialization.WritingOptions = Bool.random(using: &random) ? [.prettyPrinted] : []
      let reply = Array(try JSONSerialization.data(withJSONObject: elements, options: options))
      let list = try PeeringList.filter(reply) { name, _ in kept.contains(name.text) }
      let read = try JSONSerialization.jsonObject(with: Data(list.body)) as? [[String: Any]]
      #expect(read?.compactMap { $0["Name"] as? String } == names.filter(kept.contains))
      #expect(list.kept == kept.count && list.kept + list.removed == names.count)
    }
  }
}
