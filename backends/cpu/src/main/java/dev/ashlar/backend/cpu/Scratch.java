package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.x86.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Working memory of tasks that keep nothing between runs. Tasks at one place of their waves never run at the
 * same time, so they share it; small requests are argument blocks, which are kept.
 */
final class Scratch {

  private static final long SMALL = 4096;
  private static final long CHUNK = 128 << 10;
  /** Asked for where pages that nobody touches take no memory: what grows later need not be moved. */
  private static final long RESERVE = 64 << 20;

  private final Arena arena;
  private final List<MemorySegment> chunks = new ArrayList<>();

  Scratch(Arena arena) {
    this.arena = arena;
  }

  /** Memory for the task at a place; every call begins anew. */
  SegmentAllocator at(int place) {
    long[] used = {0};
    return (bytes, alignment) -> {
      if (bytes < SMALL) {
        return arena.allocate(bytes, alignment);
      }
      long start = (used[0] + 63) / 64 * 64;
      used[0] = start + bytes;
      return chunk(place, start + bytes).asSlice(start, bytes);
    };
  }

  /** Memory of at least this size; where it was smaller, earlier tasks keep what they have. */
  private MemorySegment chunk(int place, long bytes) {
    while (chunks.size() <= place) {
      chunks.add(MemorySegment.NULL);
    }
    if (chunks.get(place).byteSize() < bytes) {
      chunks.set(place, HugePages.allocate("working memory of a thread",
          Math.max(HugePages.areLazy(bytes) ? RESERVE : CHUNK, bytes), arena));
    }
    return chunks.get(place);
  }
}
