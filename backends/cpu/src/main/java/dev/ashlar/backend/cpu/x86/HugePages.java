package dev.ashlar.backend.cpu.x86;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Large regions of zeroed memory in 2 MB pages where the system grants them: fewer page faults when fresh
 * memory is first touched and fewer TLB misses later.
 */
public final class HugePages {
  private static final long PAGE = 2 << 20;
  private static final long ALIGNMENT = 64;

  private HugePages() {}

  /** Whether so many bytes are taken from the system page by page, as they are touched. */
  public static boolean areLazy(long bytes) {
    return bytes >= PAGE && NativeCalls.refusal() == null;
  }

  /**
   * Allocates at least {@code bytes} zeroed bytes, aligned to 64. Small requests, and all where native access
   * is not enabled, are the arena's own.
   *
   * @param what needs them
   * @throws OutOfMemoryError that says what there was no memory for
   */
  public static MemorySegment allocate(String what, long bytes, Arena arena) {
    try {
      return allocate(bytes, arena);
    } catch (OutOfMemoryError e) {
      var named = new OutOfMemoryError(what + ": " + e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  static MemorySegment allocate(long bytes, Arena arena) {
    if (!areLazy(bytes)) {
      return arena.allocate(bytes, ALIGNMENT);
    }
    var system = NativeCalls.open();
    long whole = (bytes + PAGE - 1) / PAGE * PAGE;
    long mapped = system.map(whole + PAGE); // a page more, so that the start can be rounded up to one
    if (mapped == 0) {
      throw new OutOfMemoryError("the system gives no " + bytes + " bytes");
    }
    long start = (mapped + PAGE - 1) / PAGE * PAGE;
    system.adviseHugePages(start, whole);
    return bounded(start, bytes, arena, () -> system.unmap(mapped, whole + PAGE));
  }

  @SuppressWarnings("restricted") // the memory was mapped here, of this size
  private static MemorySegment bounded(long start, long bytes, Arena arena, Runnable cleanup) {
    return MemorySegment.ofAddress(start).reinterpret(bytes, arena, _ -> cleanup.run());
  }
}
