// Whose an instruction is: which layer's code, or which library's.

enum Layer {
  /// The gate's own, in the order of the walk.
  static let own = [
    "Sockets", "TLS", "Messages", "HTTP", "Peering", "Policy", "Gate", "Audit", "Digests", "JSON", "HCL",
    "peergate",
  ]

  enum Library: CaseIterable {
    case swiftRuntime, concurrency, cryptography, system
  }

  enum Owner: Hashable {
    case layer(String)
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
    let name = layer(ofSymbol: function.name)
    return name == "Swift" ? .library(.swiftRuntime) : .layer(name)
  }

  /// A mangled name begins with its module: `$s4Gate…` is Gate's. What the optimiser has made of the standard library's
  /// generics stands in the program, too, and is counted as the library's; C's inline functions are Sockets'.
  static func layer(ofSymbol symbol: String) -> String {
    guard symbol.hasPrefix("$s") else { return symbol.hasPrefix("clinux") ? "Sockets" : "Swift" }
    let rest = symbol.dropFirst(2)
    let digits = rest.prefix { $0.isNumber }
    guard let length = Int(digits), length > 0 else { return "Swift" }
    let name = String(rest.dropFirst(digits.count).prefix(length))
    return own.contains(name) ? name : name == "Logging" || name == "ArgumentParser" ? "peergate" : "Swift"
  }
}
