package dev.ashlar.backend.cpu.x86;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The functions of Linux that memory is taken with. Made only where native access is enabled. */
final class NativeCalls {
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private final MethodHandle mmap;
  private final MethodHandle munmap;
  private final MethodHandle mprotect;
  private final MethodHandle madvise;

  private NativeCalls() {
    mmap = function("mmap", FunctionDescriptor.of(
        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    munmap = function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    mprotect = function("mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    madvise = function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  }

  /** What keeps this program from native calls, in a sentence; null if nothing does. */
  static @Nullable String refusal(String system, boolean nativeAccess) {
    if (!system.equals("Linux")) {
      return "memory is mapped through the C library on Linux only, and this is " + system;
    }
    if (!nativeAccess) {
      return "native access is not enabled; start the program with --enable-native-access=ALL-UNNAMED";
    }
    return null;
  }

  static @Nullable String refusal() {
    return refusal(System.getProperty("os.name"), NativeCalls.class.getModule().isNativeAccessEnabled());
  }

  /** Only after {@link #refusal} had nothing to say: otherwise the JDK prints a warning or throws. */
  static NativeCalls open() {
    return new NativeCalls();
  }

  @SuppressWarnings("restricted") // refusal() has asked whether we may
  private static MethodHandle function(String name, FunctionDescriptor signature) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
  }

  /** Fresh zeroed pages that can be read and written: their address, or 0 if there are none. */
  long map(long bytes) {
    try {
      long address = (long) mmap.invokeExact(
          0L, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
      return address == MAP_FAILED ? 0 : address;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void unmap(long address, long bytes) {
    int failed;
    try {
      failed = (int) munmap.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    if (failed != 0) {
      throw new IllegalStateException("memory at %#x could not be given back".formatted(address));
    }
  }

  /** Takes the right to write from pages and gives that to execute; false if the system forbids it. */
  boolean makeExecutable(long address, long bytes) {
    try {
      return (int) mprotect.invokeExact(address, bytes, PROT_READ | PROT_EXEC) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Asks for 2 MB pages; without them the memory is the same, only slower. */
  void adviseHugePages(long address, long bytes) {
    try {
      int ignored = (int) madvise.invokeExact(address, bytes, MADV_HUGEPAGE);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A segment over memory that the JVM does not know. */
  @SuppressWarnings("restricted")
  static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** A handle that calls machine code with the platform's calling convention. */
  @SuppressWarnings("restricted")
  static MethodHandle function(MemorySegment code, FunctionDescriptor signature, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(code, signature, options);
  }

  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("a native call threw", e);
  }
}
