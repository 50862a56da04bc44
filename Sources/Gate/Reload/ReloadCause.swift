// Who asked for a reload.

package enum ReloadCause: String, Sendable {
  /// SIGHUP.
  case signal
  /// The files were seen to have changed.
  case watch
}
