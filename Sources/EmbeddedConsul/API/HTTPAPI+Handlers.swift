// The five handlers: what Consul checks of a request, in its order, before it does anything.

import Bytes

extension PeeringNetwork {
  mutating func handleGenerate(_ call: Call) throws(Refusal) -> Outcome {
    let body = try decoded(call, PeeringNetwork.generateShape)
    let name = body.string("PeerName")
    if name.isEmpty {
      throw Refusal(400, "PeerName is required in the payload when generating a new peering token.")
    }
    let partition = try self.partition(call, body: body.string("Partition"))
    try checkService(call)
    if !isEnterprise(call), goLowercased(partition) != Partition.standard {
      throw Refusal(500, "Partitions are a Consul Enterprise feature")
    }
    if let fault = Validation.peerNameFault(name) { throw Refusal(500, fault) }
    if let fault = Validation.metaFault(body.stringMap("Meta")) { throw Refusal(500, fault) }
    try authorize(.write, call)
    let arguments = GenerateArguments(
      name: name, partition: partition, meta: body.stringMap("Meta"),
      externalAddresses: body.strings("ServerExternalAddresses"))
    do throws(StoreError) {
      let token = try generate(arguments, at: call.datacenter)
      return .reply(.json(Array("{\"PeeringToken\":\"\(token)\"}".utf8), isPretty: call.isPretty))
    } catch {
      throw Refusal(500, error.text)
    }
  }

  mutating func handleEstablish(_ call: Call) throws(Refusal) -> Outcome {
    let body = try decoded(call, PeeringNetwork.establishShape)
    let name = body.string("PeerName")
    if name.isEmpty {
      throw Refusal(400, "PeerName is required in the payload when establishing a peering.")
    }
    if body.string("PeeringToken").isEmpty {
      throw Refusal(400, "PeeringToken is required in the payload when establishing a peering.")
    }
    // Consul CE takes any Partition in this body and ignores it.
    let partition = try self.partition(call, body: isEnterprise(call) ? body.string("Partition") : "")
    try checkService(call)
    if let fault = Validation.peerNameFault(name) { throw Refusal(500, fault) }
    let token: PeeringToken
    do throws(PeeringTokenError) {
      token = try PeeringToken.decode(body.string("PeeringToken"))
      try token.validate()
    } catch {
      throw Refusal(500, error.text)
    }
    if let fault = Validation.metaFault(body.stringMap("Meta")) { throw Refusal(500, fault) }
    try authorize(.write, call)
    let draft = EstablishDraft(token: token, meta: body.stringMap("Meta"))
    return establish(
      PeeringKey(partition: partition, name: name), draft, isPretty: call.isPretty, at: call.datacenter)
  }

  mutating func handleRead(_ path: [UInt8], _ call: Call) throws(Refusal) -> Outcome {
    let (name, partition) = try named(path, call)
    let options = try options(call)
    try checkService(call, name: path)
    try authorize(.read, call)
    let read = ReadQuery(
      key: PeeringKey(partition: partition, name: goLowercased(name)), typedName: name,
      minimumIndex: options.minimumIndex, isPretty: call.isPretty)
    return ask(.read(read), at: call.datacenter, wait: options.wait)
  }

  mutating func handleList(_ call: Call) throws(Refusal) -> Outcome {
    let partition = try self.partition(call, body: "")
    let options = try options(call)
    try checkService(call)
    try authorize(.read, call)
    let list = ListQuery(partition: partition, minimumIndex: options.minimumIndex, isPretty: call.isPretty)
    return ask(.list(list), at: call.datacenter, wait: options.wait)
  }

  mutating func handleDelete(_ path: [UInt8], _ call: Call) throws(Refusal) -> Outcome {
    let (name, partition) = try named(path, call)
    try checkService(call, name: path)
    try authorize(.write, call)
    delete(PeeringKey(partition: partition, name: goLowercased(name)), typedName: name, at: call.datacenter)
    return .reply(ConsulResponse(status: 200, fields: [("Content-Type", "application/json")]))
  }

  // MARK: checks

  private func named(_ path: [UInt8], _ call: Call) throws(Refusal) -> (
    name: ByteString, partition: ByteString
  ) {
    if path.isEmpty { throw Refusal(400, "Must specify a name to fetch.") }
    return (goText(path), try partition(call, body: ""))
  }

  private func decoded(_ call: Call, _ shape: GoStruct) throws(Refusal) -> [ByteString: GoStruct.Value] {
    do throws(GoJSONError) {
      return try shape.decodeFirst(call.request.body)
    } catch {
      throw Refusal(400, "Body decoding failed: \(error.text)")
    }
  }

  private func isEnterprise(_ call: Call) -> Bool {
    datacenters[call.datacenter].settings.edition == .enterprise
  }

  /// The body's word, else the query's, else the field's. CE refuses the latter two, whatever they say.
  private func partition(_ call: Call, body: ByteString) throws(Refusal) -> ByteString {
    let field = goText(call.request.first("X-Consul-Partition"))
    let parameter = call.query.value("partition")
    if !isEnterprise(call) {
      if !field.isEmpty {
        throw Refusal(
          400, "Invalid header: \"X-Consul-Partition\" - Partitions are a Consul Enterprise feature")
      }
      if parameter != nil {
        throw Refusal(
          400, "Invalid query parameter: \"partition\" - Partitions are a Consul Enterprise feature")
      }
    }
    return Partition.normalised(body.isEmpty ? parameter ?? field : body)
  }

  private func options(_ call: Call) throws(Refusal) -> QueryOptions {
    do throws(QueryOptions.Fault) {
      return try QueryOptions.parse(call.query, cacheControl: goText(call.request.first("Cache-Control")))
    } catch {
      throw Refusal(400, error.text)
    }
  }

  /// What stands between the agent and its service: gRPC's idea of metadata and text, and a leader with
  /// peering on.
  private func checkService(_ call: Call, name: [UInt8] = []) throws(Refusal) {
    if let token = call.request.token(query: call.query), !token.allSatisfy({ (0x20...0x7E).contains($0) }) {
      throw Refusal(500, "header key \"x-consul-token\" contains value with non-printable ASCII characters")
    }
    if String(validating: name, as: UTF8.self) == nil {
      throw Refusal(500, "grpc: error while marshaling: string field contains invalid UTF-8")
    }
    if !datacenters[call.datacenter].isRunning { throw Refusal(500, PeeringNetwork.noLeader) }
    if !datacenters[call.datacenter].settings.isPeeringEnabled {
      throw Refusal(500, "peering must be enabled to use this endpoint")
    }
  }

  private func authorize(_ level: AccessControl.Level, _ call: Call) throws(Refusal) {
    let token = call.request.token(query: call.query).map { goText($0) }
    if let denial = datacenters[call.datacenter].settings.access.denial(of: level, token: token) {
      throw Refusal(denial.status, denial.text)
    }
  }

  private static let generateShape = GoStruct(
    typeName: "api.PeeringGenerateTokenRequest",
    fields: [
      ("PeerName", .string), ("Partition", .string), ("Meta", .stringMap),
      ("ServerExternalAddresses", .strings),
    ])

  private static let establishShape = GoStruct(
    typeName: "api.PeeringEstablishRequest",
    fields: [("PeerName", .string), ("PeeringToken", .string), ("Partition", .string), ("Meta", .stringMap)])
}
