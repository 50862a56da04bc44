// The field section of a head: one buffer and a small record for each line.

/// The fields of one head, in the order they came. Values share the section's single buffer. A class, so that the
/// next head of the connection can have the same: see `HeadScanner`.
package final class Fields: Sendable {
  /// Where one field line lies in the buffer.
  struct Record: Sendable {
    var nameStart: UInt32
    var nameEnd: UInt32
    var valueStart: UInt32
    var valueEnd: UInt32
    /// Looked up once, at parsing; nil for a name nobody here knows.
    var name: FieldName?

    var nameRange: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    var valueRange: Range<Int> { Int(valueStart)..<Int(valueEnd) }
  }

  /// The section as it came, the empty line behind it included.
  let bytes: [UInt8]
  private let records: [Record]
  // One bit for each known name: most look-ups are for fields that are not there.
  private let present: UInt64
  private let repeated: UInt64

  init(bytes: [UInt8], records: [Record], present: UInt64, repeated: UInt64) {
    self.bytes = bytes
    self.records = records
    self.present = present
    self.repeated = repeated
  }

  package var count: Int { records.count }

  /// Bytes of the section as it came.
  package var byteCount: Int { bytes.count }

  package func contains(_ name: FieldName) -> Bool { present & (1 &<< UInt64(name.rawValue)) != 0 }

  /// The value of the first line of that name.
  package subscript(_ name: FieldName) -> FieldValue? {
    guard contains(name) else { return nil }
    for record in records where record.name == name { return value(record) }
    return nil
  }

  /// How often `name` occurs: a field that decides anything must occur once.
  package func occurrences(of name: FieldName) -> Int {
    guard contains(name) else { return 0 }
    guard repeated & (1 &<< UInt64(name.rawValue)) != 0 else { return 1 }
    var occurrences = 0
    for record in records where record.name == name { occurrences += 1 }
    return occurrences
  }

  /// Calls `body` with each value of that name, in order.
  package func forEach(_ name: FieldName, _ body: (FieldValue) -> Void) {
    guard contains(name) else { return }
    for record in records where record.name == name { body(value(record)) }
  }

  /// Calls `body` with each field whose name is known, in order. Unknown ones have no way out of here but into the
  /// record, if the operator listed them.
  package func forEach(_ body: (FieldName, FieldValue) -> Void) {
    for record in records {
      if let name = record.name { body(name, value(record)) }
    }
  }

  /// Lends each field of `names` that occurs exactly once to anyone who writes heads.
  func forEachSingle(of names: FieldNames, _ body: (FieldName, Span<UInt8>) -> Void) {
    let wanted = names.bits & present & ~repeated
    guard wanted != 0 else { return }
    let bytes = bytes
    for record in records {
      guard let name = record.name, wanted & (1 &<< UInt64(name.rawValue)) != 0 else { continue }
      body(name, bytes.span.extracting(record.valueRange))
    }
  }

  /// The values of all lines of that name, joined as RFC 9110 5.3 joins them; nil if there is none. The one way in
  /// which an unknown field leaves, and it leads into the record alone.
  package subscript(_ field: RecordableField) -> [UInt8]? {
    var joined: [UInt8]?
    let bytes = bytes
    for record in records where field.isSpelt(by: bytes.span.extracting(record.nameRange)) {
      if joined == nil { joined = [] } else { joined?.append(", ") }
      joined?.append(contentsOf: bytes[record.valueRange])
    }
    return joined
  }

  /// RFC 9110 7.6.1: whether `name` belongs to this connection alone, by its nature or because a
  /// Connection field names it.
  package func isHopByHop(_ name: FieldName) -> Bool {
    if name.isHopByHop { return true }
    guard contains(.connection) else { return false }
    var isNominated = false
    forEach(.connection) { value in
      ListElements.forEach(value.bytes.span) { element in
        if FieldNameTable.shared.find(element) == name { isNominated = true }
      }
    }
    return isNominated
  }

  private func value(_ record: Record) -> FieldValue { FieldValue(parsed: bytes[record.valueRange]) }
}

// Values may be credentials: only names are ever shown, and only those that are known.
extension Fields: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String {
    "fields(" + records.map { $0.name?.description ?? "?" }.joined(separator: ", ") + ")"
  }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
