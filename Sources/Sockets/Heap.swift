// What the allocator does with memory that was given back.

internal import CLinux

/// Of the whole process.
package enum Heap {
  /// Keeps freed memory for the next list instead of handing it to the kernel, which would hand it back page by page,
  /// each emptied and mapped anew: a tenth of the time of a list of a thousand peerings. What is kept is bounded.
  package static func keepFreedMemory() {
    _ = clinux_keep_heap(SocketLimits.heapBlockBytes, SocketLimits.heapKeptBytes)
  }
}
