// Requests as the tests of the binary write them.

enum Token {
  /// The tokens of policies/tokens.hcl.
  static let administrator = "5cdcae6c-0cce-4210-86fe-5dff3b984a6e"
  static let owner = "b23b3cad-5ea1-4413-919e-c76884b9ad60"
  static let reader = "0137db51-5895-4c25-b6cd-d9ed992f4a52"
}

/// One request with the fields that every client sends.
func request(
  _ method: String, _ target: String, token: String? = nil, fields: String = "", body: String? = nil
) -> String {
  var text = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)"
  if let token { text += "X-Consul-Token: \(token)\r\n" }
  if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
  return text + "\r\n" + (body ?? "")
}

func get(_ target: String, token: String? = nil, fields: String = "") -> String {
  request("GET", target, token: token, fields: fields)
}

/// A list as Consul writes it, of peerings with these names.
func list(_ names: [String]) -> String {
  "["
    + names.map { "{\"ID\":\"1\",\"Name\":\"\($0)\",\"State\":\"ACTIVE\",\"Remote\":{\"Name\":\"nested\"}}" }
    .joined(separator: ",") + "]"
}
