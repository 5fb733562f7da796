package dev.ashlar.runtime;

import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.json.Json;
import dev.ashlar.program.Profiler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Sums of the times that a backend reports, and the last runs one by one. */
public final class Profile implements Profiler {

  /** So many of the last times of each piece of work are kept for {@link #writeTrace}. */
  private static final int KEPT = 32;

  /**
   * What was done under one name.
   *
   * @param name of a layer or kernel
   * @param calls pieces of work that were done
   * @param seconds that threads spent on them
   * @param flops floating-point operations of all of them, roughly
   * @param bytes read and written, roughly
   */
  public record Line(String name, long calls, double seconds, double flops, double bytes) {
    private Line plus(Line other) {
      return new Line(name, calls + other.calls, seconds + other.seconds, flops + other.flops, bytes + other.bytes);
    }
  }

  private static final class Times implements Timer {
    private final Work work;
    private final long[] starts = new long[KEPT];
    private final long[] ends = new long[KEPT];
    private final Thread[] threads = new Thread[KEPT];
    private final Map<Thread, long[]> busy = new HashMap<>();
    private long calls;
    private long nanos;
    private long first;
    private long last;

    Times(Work work) {
      this.work = work;
    }

    @Override
    public synchronized void add(long start, long end) {
      first = calls == 0 ? start : Math.min(first, start);
      last = calls == 0 ? end : Math.max(last, end);
      int place = (int) (calls++ % KEPT);
      nanos += end - start;
      busy.computeIfAbsent(Thread.currentThread(), _ -> new long[1])[0] += end - start;
      starts[place] = start;
      ends[place] = end;
      threads[place] = Thread.currentThread();
    }

    synchronized Line line(String name) {
      return new Line(name, calls, nanos * 1e-9, work.flops() * calls, work.bytes() * calls);
    }

    synchronized void addEvents(long origin, List<Object> events, Map<Long, String> names) {
      for (int i = 0; i < Math.min(calls, KEPT); i++) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("name", work.kernel());
        event.put("cat", work.program());
        event.put("ph", "X");
        event.put("ts", (starts[i] - origin) / 1e3);
        event.put("dur", (ends[i] - starts[i]) / 1e3);
        event.put("pid", 1);
        event.put("tid", threads[i].threadId());
        names.put(threads[i].threadId(), threads[i].getName());
        event.put("args", Map.of("layer", work.layer()));
        events.add(event);
      }
    }
  }

  private final long origin = System.nanoTime();
  private final List<Times> all = new ArrayList<>();

  @Override
  public synchronized Timer timer(Work work) {
    Times times = new Times(work);
    all.add(times);
    return times;
  }

  /** Times by part of the model, the longest first. */
  public List<Line> byLayer() {
    return lines(Work::layer);
  }

  /** Times by kernel, the longest first. */
  public List<Line> byKernel() {
    return lines(Work::kernel);
  }

  /**
   * How busy threads were.
   *
   * @param seconds from the beginning of the first piece of work to the end of the last
   * @param busy seconds that each thread worked, by its name; the rest of its time it waited for others, or did what is
   *     no part of a program: reading data, adding up measures
   */
  public record Threads(double seconds, Map<String, Double> busy) {

    /** Seconds that all threads together did not work. */
    public double waiting() {
      return busy.values().stream().mapToDouble(each -> seconds - each).sum();
    }
  }

  /** How busy the threads were that did any work. */
  public synchronized Threads threads() {
    Map<String, Double> busy = new TreeMap<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Times times : all) {
      synchronized (times) {
        if (times.calls > 0) {
          // Differences alone mean something.
          first = Math.min(first, times.first - origin);
          last = Math.max(last, times.last - origin);
          times.busy.forEach((thread, nanos) -> busy.merge(thread.getName(), nanos[0] * 1e-9, Double::sum));
        }
      }
    }
    return new Threads(busy.isEmpty() ? 0 : (last - first) * 1e-9, busy);
  }

  private synchronized List<Line> lines(Function<Work, String> name) {
    Map<String, Line> lines = new LinkedHashMap<>();
    for (Times times : all) {
      String key = name.apply(times.work);
      lines.merge(key, times.line(key), Line::plus);
    }
    return lines.values().stream().filter(line -> line.calls > 0)
        .sorted((a, b) -> Double.compare(b.seconds, a.seconds)).toList();
  }

  /**
   * Writes the last times of each piece of work as a Chrome trace, which Perfetto and chrome://tracing show.
   *
   * @throws IOException if it cannot be written; then there is no file, or the one from before
   */
  public synchronized void writeTrace(Path file) throws IOException {
    List<Object> events = new ArrayList<>();
    Map<Long, String> names = new TreeMap<>();
    all.forEach(times -> times.addEvents(origin, events, names));
    names.forEach((id, name) -> events.add(Map.of("name", "thread_name", "ph", "M", "pid", 1, "tid", id,
        "args", Map.of("name", name))));
    AtomicFiles.write(file, Json.write(Value.of(Map.of("traceEvents", events, "displayTimeUnit", "ms"))));
  }
}
