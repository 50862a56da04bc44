// Whose an instruction is: which storey's code, or which library's.

enum Storey {
  /// The gate's own, in the order of the walk.
  static let own = [
    "Sockets", "TLS", "Messages", "HTTP", "Peering", "Policy", "Gate", "Audit", "Digests", "JSON", "HCL",
    "peergate",
  ]

  enum Library: CaseIterable {
    case swiftRuntime, concurrency, cryptography, system
  }

  enum Owner: Hashable {
    case storey(String)
    case library(Library)
  }

  static func owner(of function: CallgrindProfile.Function) -> Owner {
    let object = function.object
    if object.hasPrefix("libswift_Concurrency") || object.hasPrefix("libdispatch") {
      return .library(.concurrency)
    }
    if object.hasPrefix("libswift") || object.hasPrefix("libFoundation") || object.hasPrefix("libstdc++") {
      return .library(.swiftRuntime)
    }
    if object.hasPrefix("libssl") || object.hasPrefix("libcrypto") { return .library(.cryptography) }
    if ["lib", "ld-", "vgpreload", "?"].contains(where: object.hasPrefix) || object.isEmpty {
      return .library(.system)
    }
    let name = storey(ofSymbol: function.name)
    return name == "Swift" ? .library(.swiftRuntime) : .storey(name)
  }

  /// A mangled name begins with its module: `$s4Gate…` is Gate's. What the optimiser has made of the standard library's
  /// generics stands in the program, too, and is counted as the library's; C's inline functions are Sockets'.
  static func storey(ofSymbol symbol: String) -> String {
    guard symbol.hasPrefix("$s") else { return symbol.hasPrefix("clinux") ? "Sockets" : "Swift" }
    let rest = symbol.dropFirst(2)
    let digits = rest.prefix { $0.isNumber }
    guard let length = Int(digits), length > 0 else { return "Swift" }
    let name = String(rest.dropFirst(digits.count).prefix(length))
    return own.contains(name) ? name : name == "Logging" || name == "ArgumentParser" ? "peergate" : "Swift"
  }
}
