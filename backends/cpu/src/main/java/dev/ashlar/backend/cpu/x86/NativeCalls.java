package dev.ashlar.backend.cpu.x86;

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

  /**
   * Six whole numbers and one that comes back, which does for all: what a function takes less of, it does not look at. The
   * JDK writes classes for each kind of call when it first sees one, and at the start of a program that takes time.
   */
  static final FunctionDescriptor SIX_NUMBERS = FunctionDescriptor.of(
      JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private NativeCalls() {
    mmap = function("mmap");
    munmap = function("munmap");
    mprotect = function("mprotect");
    madvise = function("madvise");
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
  private static MethodHandle function(String name) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), SIX_NUMBERS);
  }

  /** Fresh zeroed pages that can be read and written: their address, or 0 if there are none. */
  long map(long bytes) {
    long address = call(mmap, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    return address == MAP_FAILED ? 0 : address;
  }

  void unmap(long address, long bytes) {
    if (failed(call(munmap, address, bytes, 0, 0, 0))) {
      throw new IllegalStateException("memory at %#x could not be given back".formatted(address));
    }
  }

  /** Takes the right to write from pages and gives that to execute; false if the system forbids it. */
  boolean makeExecutable(long address, long bytes) {
    return !failed(call(mprotect, address, bytes, PROT_READ | PROT_EXEC, 0, 0));
  }

  /** Asks for 2 MB pages; without them the memory is the same, only slower. */
  void adviseHugePages(long address, long bytes) {
    call(madvise, address, bytes, MADV_HUGEPAGE, 0, 0);
  }

  /** The functions that say so give an int: its upper half is no part of it. */
  private static boolean failed(long result) {
    return (int) result != 0;
  }

  /** Calls a function of {@link #SIX_NUMBERS}, the last of them 0. */
  static long call(MethodHandle function, long first, long second, long third, long fourth, long fifth) {
    try {
      return (long) function.invokeExact(first, second, third, fourth, fifth, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("a native call threw", e);
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
}
