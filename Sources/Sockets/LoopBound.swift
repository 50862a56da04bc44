// A loop's own object on its way through threads that must not look at it.

/// Lets another thread hand work back to what lives on a loop: the value can be carried anywhere and touched only
/// on its loop. That is the whole reason why `@unchecked Sendable` is right here.
package struct LoopBound<Value>: @unchecked Sendable {
  private let value: Value
  private let loop: EventLoop

  /// Call it on the loop.
  package init(_ value: Value, on loop: EventLoop) {
    self.value = value
    self.loop = loop
  }

  /// Runs `body` with the value, on the loop, soon.
  package func perform(_ body: @escaping @Sendable (Value) -> Void) {
    loop.perform { body(value) }
  }
}
