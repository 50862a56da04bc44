// What callgrind has counted: instructions of each function, and of what each calls.

/// The format is that of Valgrind's manual, "Callgrind Format Specification", as far as one event (Ir) needs it.
struct CallgrindProfile: Equatable {
  struct Function: Hashable {
    /// The last part of the object file's path.
    let object: String
    let name: String
  }

  struct Call: Hashable {
    let caller: Function
    let callee: Function
  }

  /// Instructions of the function itself.
  var own: [Function: Int] = [:]
  /// Instructions from the call to its return, of all calls together.
  var calls: [Call: Int] = [:]

  var total: Int { own.values.reduce(0, +) }

  init() {}

  init(_ text: String) throws {
    var reader = Reader()
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) { reader.read(line) }
    guard !reader.profile.own.isEmpty else { throw Trouble("callgrind has counted nothing") }
    self = reader.profile
  }

  static func - (left: CallgrindProfile, right: CallgrindProfile) -> CallgrindProfile {
    var difference = left
    for (function, count) in right.own { difference.own[function, default: 0] -= count }
    for (call, count) in right.calls { difference.calls[call, default: 0] -= count }
    return difference
  }

  private struct Reader {
    var profile = CallgrindProfile()
    private var names: [String: String] = [:]
    private var object = ""
    private var function = Function(object: "", name: "")
    private var calleeObject: String?
    private var callee = Function(object: "", name: "")
    private var isAfterCalls = false

    mutating func read(_ line: Substring.UTF8View) {
      guard let first = line.first else { return }
      switch first {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"):
        count(line)
      default:
        guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else { return }
        let key = String(Substring(line[..<sign]))
        let value = String(Substring(line[line.index(after: sign)...]))
        note(key, value)
      }
    }

    private mutating func note(_ key: String, _ value: String) {
      switch key {
      case "ob": object = Self.lastPart(name(value, of: "ob"))
      case "fn": function = Function(object: object, name: name(value, of: "fn"))
      case "cob": calleeObject = Self.lastPart(name(value, of: "ob"))
      case "cfn":
        callee = Function(object: calleeObject ?? object, name: name(value, of: "fn"))
        calleeObject = nil
      case "calls": isAfterCalls = true
      default: break
      }
    }

    private mutating func count(_ line: Substring.UTF8View) {
      let fields = line.split(separator: UInt8(ascii: " "))
      let instructions = fields.count > 1 ? Int(Substring(fields[fields.count - 1])) ?? 0 : 0
      if isAfterCalls {
        profile.calls[Call(caller: function, callee: callee), default: 0] += instructions
        isAfterCalls = false
      } else {
        profile.own[function, default: 0] += instructions
      }
    }

    /// "(7) name" says what 7 stands for from here on.
    private mutating func name(_ text: String, of kind: String) -> String {
      guard text.first == "(", let end = text.firstIndex(of: ")") else { return text }
      let key = kind + text[...end]
      let rest = text[text.index(after: end)...].drop { $0 == " " }
      if !rest.isEmpty { names[key] = String(rest) }
      return names[key] ?? String(text)
    }

    private static func lastPart(_ path: String) -> String {
      path.split(separator: "/").last.map(String.init) ?? path
    }
  }
}
