// A session between two uses, for which it may wait long.

/// What must be kept of an established session to go on with it: the keys, and no queue, record buffer or BIO. Confined
/// to the thread of its context, as the session is.
package struct SuspendedSession: ~Copyable {
  let handle: Owned
  let role: Session.Role
}
