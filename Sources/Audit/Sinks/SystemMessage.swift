// Text of the operating system's error codes, and paths quoted for messages.
import Bytes
import Glibc

/// `strerror` without its shared buffer: several threads may ask at once.
func systemMessage(_ code: Int32) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
    guard let base = buffer.baseAddress, unsafe strerror_r(code, base, buffer.count) == 0 else {
      return "error \(code)"
    }
    return unsafe ByteString(String(cString: base)).lowercasedASCII.string
  }
}

/// In quotes, control bytes escaped: a path may come from a file that somebody else wrote.
func quoted(_ text: String) -> String {
  text.debugDescription
}
