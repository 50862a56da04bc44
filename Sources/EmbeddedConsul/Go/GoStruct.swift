// Decodes a JSON value into named fields with the leniency, and the error texts, of Go's encoding/json.

import Bytes

/// The shape of one Go struct. Matching is Go's: names without regard to case (ſ counts as s and the Kelvin
/// sign as k), of repeated members the last counts, null leaves a string alone, and the first fault met in
/// the text is reported although decoding goes on.
struct GoStruct: Sendable {
  indirect enum Kind: Sendable {
    case string
    case strings
    case stringMap
    case object(GoStruct)
    /// Accepted and not looked at.
    case anything
  }

  /// With its package, as error texts name it: `api.PeeringEstablishRequest`.
  let typeName: String
  let fields: [(name: ByteString, kind: Kind)]

  enum Value: Sendable {
    case string(ByteString)
    case strings([ByteString])
    case stringMap([ByteString: ByteString])
    case object([ByteString: Value])
  }

  /// `lib.DecodeJSON`: the first value alone, unknown members refused.
  func decodeFirst(_ bytes: [UInt8]) throws(GoJSONError) -> [ByteString: Value] {
    do {
      var scanner = GoJSONScanner(bytes)
      let range = try scanner.firstValue()
      return try decode(bytes, at: range.lowerBound, refusesUnknown: true)
    } catch let fault as GoJSONScanner.Fault {
      switch fault {
      case .empty: throw GoJSONError(text: "EOF")
      case .truncated: throw GoJSONError(text: "unexpected EOF")
      case .invalid(let text): throw GoJSONError(text: text)
      }
    } catch {
      throw error as? GoJSONError ?? GoJSONError(text: "unexpected EOF")
    }
  }

  /// `json.Unmarshal`: the whole text, unknown members ignored.
  func decodeWhole(_ bytes: [UInt8]) throws(GoJSONError) -> [ByteString: Value] {
    do {
      var scanner = GoJSONScanner(bytes)
      let range = try scanner.onlyValue()
      return try decode(bytes, at: range.lowerBound, refusesUnknown: false)
    } catch let fault as GoJSONScanner.Fault {
      switch fault {
      case .empty, .truncated: throw GoJSONError(text: "unexpected end of JSON input")
      case .invalid(let text): throw GoJSONError(text: text)
      }
    } catch {
      throw error as? GoJSONError ?? GoJSONError(text: "unexpected end of JSON input")
    }
  }

  private func decode(_ bytes: [UInt8], at start: Int, refusesUnknown: Bool) throws(GoJSONError)
    -> [ByteString: Value]
  {
    var reader = GoJSONReader(bytes, at: start)
    var decoding = GoDecoding(refusesUnknown: refusesUnknown)
    var values: [ByteString: Value] = [:]
    switch reader.kind() {
    case .null: break
    case .object: decoding.object(&reader, into: &values, self, path: [])
    case let kind: throw GoJSONError(text: "json: cannot unmarshal \(kind) into Go value of type \(typeName)")
    }
    if let fault = decoding.firstFault { throw GoJSONError(text: fault) }
    return values
  }

  func field(matching key: ByteString) -> (name: ByteString, kind: Kind)? {
    let folded = GoStruct.folded(key)
    return fields.first { $0.name == key } ?? fields.first { GoStruct.folded($0.name) == folded }
  }

  private static func folded(_ name: ByteString) -> ByteString {
    var text = String.UnicodeScalarView()
    for scalar in name.string.unicodeScalars {
      switch scalar {
      case "a"..."z": text.append(Unicode.Scalar(UInt8(scalar.value) - 32))
      case "\u{17F}": text.append("S")
      case "\u{212A}": text.append("K")
      default: text.append(scalar)
      }
    }
    return ByteString(String(text))
  }
}

struct GoJSONError: Error, Sendable {
  let text: String
}

/// One decoding under way.
private struct GoDecoding {
  let refusesUnknown: Bool
  private(set) var firstFault: String?

  init(refusesUnknown: Bool) {
    self.refusesUnknown = refusesUnknown
  }

  mutating func object(
    _ reader: inout GoJSONReader, into values: inout [ByteString: GoStruct.Value], _ shape: GoStruct,
    path: [String]
  ) {
    reader.members { reader, key in
      guard let field = shape.field(matching: key) else {
        if refusesUnknown { note("json: unknown field \(goQuoted(key))") }
        return reader.skipValue()
      }
      let place = Place(structure: shape, path: path + [field.name.string])
      switch field.kind {
      case .string: string(&reader, into: &values, field.name, place)
      case .strings: strings(&reader, into: &values, field.name, place)
      case .stringMap: stringMap(&reader, into: &values, field.name, place)
      case .anything: reader.skipValue()
      case .object(let inner):
        var members: [ByteString: GoStruct.Value] = [:]
        if case .object(let earlier) = values[field.name] { members = earlier }
        switch reader.kind() {
        case .object: object(&reader, into: &members, inner, path: place.path)
        case .null: reader.skipValue()
        case let kind: mismatch(&reader, kind, place, type: inner.typeName)
        }
        values[field.name] = .object(members)
      }
    }
  }

  private struct Place {
    let structure: GoStruct
    let path: [String]

    var text: String {
      let bare = structure.typeName.utf8.split(separator: UInt8(ascii: ".")).last.map { Substring($0) } ?? ""
      return "\(bare).\(path.joined(separator: "."))"
    }
  }

  private mutating func string(
    _ reader: inout GoJSONReader, into values: inout [ByteString: GoStruct.Value], _ name: ByteString,
    _ place: Place
  ) {
    switch reader.kind() {
    case .string: values[name] = .string(reader.string())
    case .null: reader.skipValue()
    case let kind: mismatch(&reader, kind, place, type: "string")
    }
  }

  private mutating func strings(
    _ reader: inout GoJSONReader, into values: inout [ByteString: GoStruct.Value], _ name: ByteString,
    _ place: Place
  ) {
    switch reader.kind() {
    case .array:
      var list: [ByteString] = []
      reader.elements { reader in list.append(element(&reader, place) ?? "") }
      values[name] = .strings(list)
    case .null:
      reader.skipValue()
      values[name] = nil
    case let kind: mismatch(&reader, kind, place, type: "[]string")
    }
  }

  /// A repeated map is merged with the one before; null empties it.
  private mutating func stringMap(
    _ reader: inout GoJSONReader, into values: inout [ByteString: GoStruct.Value], _ name: ByteString,
    _ place: Place
  ) {
    switch reader.kind() {
    case .object:
      var map: [ByteString: ByteString] = [:]
      if case .stringMap(let earlier) = values[name] { map = earlier }
      reader.members { reader, key in map[key] = element(&reader, place) ?? "" }
      values[name] = .stringMap(map)
    case .null:
      reader.skipValue()
      values[name] = nil
    case let kind: mismatch(&reader, kind, place, type: "map[string]string")
    }
  }

  private mutating func element(_ reader: inout GoJSONReader, _ place: Place) -> ByteString? {
    switch reader.kind() {
    case .string: return reader.string()
    case .null: reader.skipValue()
    case let kind: mismatch(&reader, kind, place, type: "string")
    }
    return nil
  }

  private mutating func mismatch(
    _ reader: inout GoJSONReader, _ kind: GoJSONReader.Kind, _ place: Place, type: String
  ) {
    note("json: cannot unmarshal \(kind) into Go struct field \(place.text) of type \(type)")
    reader.skipValue()
  }

  private mutating func note(_ fault: String) {
    if firstFault == nil { firstFault = fault }
  }
}
