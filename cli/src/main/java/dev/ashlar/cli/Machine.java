package dev.ashlar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a Linux machine says of itself in files; elsewhere, and where a file is missing, nothing is known.
 *
 * @param root of the file system
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">control groups, version 2</a>
 */
record Machine(Path root) {

  /** Limits above this are none: version 1 of control groups says none by a number near the largest. */
  private static final long NO_LIMIT = 1L << 60;
  private static final int V1_FIELDS = 3;

  static Machine here() {
    return new Machine(Path.of("/"));
  }

  /** The processor's name. */
  Optional<String> processor() {
    return value("proc/cpuinfo", "model name");
  }

  /** The widest vector instructions, as they are called, with their width in bits. */
  Optional<String> vectors() {
    List<String> flags = List.of(value("proc/cpuinfo", "flags").or(() -> value("proc/cpuinfo", "Features")).orElse("")
        .split(" "));
    return flags.contains("avx512f") ? Optional.of("AVX-512, 512 bits: 16 floats")
        : flags.contains("avx2") ? Optional.of("AVX2, 256 bits: 8 floats")
        : flags.contains("sse2") ? Optional.of("SSE2, 128 bits: 4 floats")
        : flags.contains("sve") ? Optional.of("SVE, 128 bits or more")
        : flags.contains("asimd") ? Optional.of("NEON, 128 bits: 4 floats") : Optional.empty();
  }

  /** Bytes of memory in all. */
  OptionalLong memory() {
    return kilobytes("MemTotal");
  }

  /** Bytes of memory that can be had without swapping. */
  OptionalLong available() {
    return kilobytes("MemAvailable");
  }

  /** Bytes of memory that this process had at most at a time. */
  OptionalLong ofProcess() {
    return kilobytes("proc/self/status", "VmHWM");
  }

  /** Bytes of memory that this process has now. */
  OptionalLong resident() {
    return kilobytes("proc/self/status", "VmRSS");
  }

  private OptionalLong kilobytes(String name) {
    return kilobytes("proc/meminfo", name);
  }

  private OptionalLong kilobytes(String file, String name) {
    Optional<String> value = value(file, name).map(text -> text.replaceAll("[^0-9]", ""));
    return value.isEmpty() || value.get().isEmpty() ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(value.get()) << 10);
  }

  /** Bytes of memory that the container gives; none if there is no limit. */
  OptionalLong memoryLimit() {
    List<String> limits = new ArrayList<>();
    groups("").forEach(folder -> read(folder.resolve("memory.max")).ifPresent(limits::add));
    groups("memory").forEach(folder -> read(folder.resolve("memory.limit_in_bytes")).ifPresent(limits::add));
    return limits.stream().filter(text -> text.matches("[0-9]{1,18}")).mapToLong(Long::parseLong)
        .filter(limit -> limit < NO_LIMIT).min();
  }

  /** Processors that the container gives, perhaps with a fraction; none if there is no limit. */
  OptionalDouble processorLimit() {
    List<String> limits = new ArrayList<>();
    groups("").forEach(folder -> read(folder.resolve("cpu.max")).ifPresent(limits::add));
    groups("cpu").forEach(folder -> read(folder.resolve("cpu.cfs_quota_us")).ifPresent(quota ->
        read(folder.resolve("cpu.cfs_period_us")).ifPresent(period -> limits.add(quota + " " + period))));
    return limits.stream().filter(text -> text.matches("[1-9][0-9]{0,17} [1-9][0-9]{0,17}"))
        .map(text -> text.split(" "))
        .mapToDouble(quota -> Double.parseDouble(quota[0]) / Double.parseDouble(quota[1])).min();
  }

  /**
   * The folders of this process's control group and of those around it.
   *
   * @param controller of version 1; empty for version 2
   */
  private List<Path> groups(String controller) {
    List<Path> folders = new ArrayList<>();
    for (String line : read(root.resolve("proc/self/cgroup")).orElse("").split("\n")) {
      String[] fields = line.split(":", V1_FIELDS);
      boolean isMeant = fields.length == V1_FIELDS && (controller.isEmpty() ? fields[1].isEmpty()
          : List.of(fields[1].split(",")).contains(controller));
      if (isMeant) {
        Path top = root.resolve("sys/fs/cgroup").resolve(controller).normalize();
        Path folder = top.resolve(fields[2].replaceFirst("^/", "")).normalize();
        for (; folder.startsWith(top); folder = folder.getParent()) {
          folders.add(folder);
        }
      }
    }
    return folders;
  }

  private Optional<String> value(String file, String name) {
    return read(root.resolve(file)).flatMap(text -> text.lines()
        .filter(line -> line.startsWith(name) && line.substring(name.length()).strip().startsWith(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst());
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
