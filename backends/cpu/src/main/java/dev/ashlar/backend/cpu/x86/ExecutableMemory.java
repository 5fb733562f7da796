package dev.ashlar.backend.cpu.x86;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory that machine code runs from. Code is copied to pages that can be written but not executed, which
 * then become executable but no longer writable; no page is ever both. Regions are filled page by page, so a
 * batch of small kernels installed together shares pages.
 *
 * <p>Safe for use by several threads. Code may be called until {@link #close}; nothing checks that it is not
 * called later, so the owner closes after the last call.
 */
public final class ExecutableMemory implements AutoCloseable {
  private static final int PAGE = 4096;
  private static final int REGION = 1 << 20;
  private static final int ALIGNMENT = 64;

  private record Region(long address, long bytes) {}

  /** Whether machine code can run here. */
  public sealed interface Opened {
    record Ready(ExecutableMemory memory, CpuFeatures features) implements Opened {}

    /**
     * It cannot.
     *
     * @param reason one sentence for the log
     */
    record Refused(String reason) implements Opened {}
  }

  private final NativeCalls system;
  private final List<Region> regions = new ArrayList<>();
  private long used;
  private boolean closed;

  private ExecutableMemory(NativeCalls system) {
    this.system = system;
  }

  /** Takes memory and tries it by asking the processor for its features. */
  public static Opened open() {
    var reason = refusal(System.getProperty("os.arch"), NativeCalls.refusal());
    if (reason != null) {
      return new Opened.Refused(reason);
    }
    var memory = new ExecutableMemory(NativeCalls.open());
    var probe = memory.tryInstall(CpuId.routines());
    if (probe == null) {
      memory.close();
      return new Opened.Refused("the system gives no executable memory: mmap or mprotect was denied");
    }
    return new Opened.Ready(memory, new CpuId(probe).read());
  }

  static @Nullable String refusal(String architecture, @Nullable String ofSystem) {
    if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
      return "machine code is written for x86-64 only, and this is " + architecture;
    }
    return ofSystem;
  }

  /**
   * Copies routines to executable memory, each at a multiple of 64.
   *
   * @return where each begins, of its length
   * @throws IllegalStateException if the system has no more memory, or after {@link #close}
   */
  public List<MemorySegment> install(List<byte[]> routines) {
    var installed = tryInstall(routines);
    if (installed == null) {
      throw new IllegalStateException("the system gives no more executable memory");
    }
    return installed;
  }

  /** As {@link #install(List)}, for one routine. */
  public MemorySegment install(byte[] routine) {
    return install(List.of(routine)).getFirst();
  }

  private synchronized @Nullable List<MemorySegment> tryInstall(List<byte[]> routines) {
    if (closed) {
      throw new IllegalStateException("this executable memory is closed");
    }
    long bytes = routines.stream().mapToLong(routine -> roundUp(routine.length, ALIGNMENT)).sum();
    long start = take(roundUp(bytes, PAGE));
    if (start == 0) {
      return null;
    }
    var installed = new ArrayList<MemorySegment>();
    long address = start;
    for (var routine : routines) {
      var place = NativeCalls.segment(address, routine.length);
      place.copyFrom(MemorySegment.ofArray(routine));
      installed.add(place);
      address += roundUp(routine.length, ALIGNMENT);
    }
    return system.makeExecutable(start, roundUp(bytes, PAGE)) ? List.copyOf(installed) : null;
  }

  /** The address of so many fresh bytes, whole pages; 0 if there are none. */
  private long take(long bytes) {
    if (regions.isEmpty() || used + bytes > regions.getLast().bytes()) {
      long size = Math.max(REGION, bytes);
      long address = system.map(size);
      if (address == 0) {
        return 0;
      }
      regions.add(new Region(address, size));
      used = 0;
    }
    used += bytes;
    return regions.getLast().address() + used - bytes;
  }

  /**
   * A handle that calls installed code. Such handles are fastest as {@code static final} fields or as
   * constants of hidden classes.
   */
  public MethodHandle function(MemorySegment code, FunctionDescriptor signature, Linker.Option... options) {
    return NativeCalls.function(code, signature, options);
  }

  private static long roundUp(long bytes, int unit) {
    return (bytes + unit - 1) / unit * unit;
  }

  /** Gives all memory back. */
  @Override public synchronized void close() {
    closed = true;
    regions.forEach(region -> system.unmap(region.address(), region.bytes()));
    regions.clear();
  }
}
