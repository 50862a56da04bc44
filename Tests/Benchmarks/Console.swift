// Tables go to standard output, and what is said on the way to standard error, so that the tables can be kept.

import Glibc

/// Unbuffered: a run that is interrupted has shown what it had.
enum Console {
  static func note(_ sentence: String) { write(sentence, to: 2) }
  static func show(_ text: String) { write(text, to: 1) }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
  }
}
