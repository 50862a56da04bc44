// What of a request enters its record, as the operator chose.

package import HTTP
package import Policy

/// Policies may say more about levels: see `Subject.recordLevel`.
package struct AuditOptions: Sendable, Equatable {
  package var levels = RecordLevels()
  /// Request fields beyond those that are always recorded, at most `AuditLimits.headersPerEntry`.
  package var fields: [RecordableField] = []

  /// Whether refusals that anybody can cause are counted in a flood, instead of recorded one by one.
  package var thinsRefusals = true

  /// Whether each line says which gate wrote it.
  package var namesGate = false

  package init() {}
}
