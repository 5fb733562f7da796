package dev.ashlar.cli;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.program.LookupException;
import dev.ashlar.program.NotANumberException;
import dev.ashlar.program.OperationException;
import dev.ashlar.runtime.PartFailedException;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.training.CallbackException;
import dev.ashlar.training.DivergedException;
import dev.ashlar.training.NoTokenException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Says what went wrong. Only what nobody foresaw, and what failed in a plug-in's code, has a stack trace. */
final class Failures implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

  static final int FAILED = 1;
  static final int USER = 2;

  @Override
  public int handleExecutionException(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    return tell(e, line.getErr());
  }

  /** An option or argument that is wrong: what it is, and where to look; the whole help would hide it. */
  @Override
  public int handleParseException(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      tellUnmatched(unmatched, command, err);
    } else {
      // Positions count for nobody: the parameter's name says enough.
      err.println(String.valueOf(e.getMessage()).replaceAll("positional parameter at index \\S+ \\((.*?)\\)", "$1"));
    }
    err.println("'" + command.getCommandSpec().qualifiedName() + " --help' says what there is");
    return USER;
  }

  /** An option or a command that is not there, or an argument too many. */
  private static void tellUnmatched(
      CommandLine.UnmatchedArgumentException unmatched, CommandLine command, PrintWriter err) {
    boolean isOption = unmatched.isUnknownOption();
    boolean isCommand = !isOption && !command.getSubcommands().isEmpty();
    String first = unmatched.getUnmatched().getFirst();
    String name = isOption ? first.replaceFirst("=.*", "") : first;
    Set<String> known = isOption ? command.getCommandSpec().optionsMap().keySet() : command.getSubcommands().keySet();
    String near = Nearest.advice(name, List.copyOf(known));
    err.println((isOption ? "unknown option '" : isCommand ? "unknown command '" : "an argument too many: '")
        + name + "'" + (near.isEmpty() ? "" : "; " + near));
    if (near.isEmpty() && isOption && command.getCommandSpec().findOption("--set") != null) {
      err.println("a value of the configuration is replaced with --set, as in --set train.epochs=5");
    }
  }

  /** Says what went wrong, and gives the exit code. */
  static int tell(Throwable e, PrintWriter err) {
    // What ran out of memory may be a plug-in's part, or one thread of many: wrapped by whoever ran it.
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError memory) {
        err.println(outOfMemory(String.valueOf(memory.getMessage())));
        return FAILED;
      }
    }
    switch (e) {
      case ConfigException mistakes -> {
        int count = mistakes.problems().size();
        err.println(count == 1 ? "1 mistake:" : count + " mistakes:");
        err.println();
        err.println(mistakes.getMessage());
        return USER;
      }
      case FileException file -> {
        err.println(file.getMessage());
        return FileProblems.isForWantOfRoom(file) ? FAILED : USER;
      }
      case ShapeException shape -> {
        err.println(shape.getMessage());
        return USER;
      }
      case LookupException symbol -> {
        err.println(symbol.getMessage());
        return USER;
      }
      case PartFailedException failed -> {
        err.println(failed.getMessage());
        failed.getCause().printStackTrace(err);
        return FAILED;
      }
      case CallbackException failed -> {
        err.println(failed.getMessage());
        failed.getCause().printStackTrace(err);
        return FAILED;
      }
      case DivergedException diverged -> {
        err.println("training stopped: " + diverged.getMessage());
        return FAILED;
      }
      case NoTokenException none -> {
        err.println("generation stopped: " + none.getMessage());
        return FAILED;
      }
      case NotANumberException nan -> {
        err.println(nan.getMessage());
        return FAILED;
      }
      case InterruptedException _ -> {
        err.println("interrupted");
        return FAILED;
      }
      case UnsupportedOperationException missing -> {
        err.println(missing.getMessage());
        return FAILED;
      }
      case OperationException failed -> {
        err.println(failed.getMessage());
        failed.getCause().printStackTrace(err);
        return FAILED;
      }
      case IOException io -> {
        err.println(io.getMessage());
        return FAILED;
      }
      default -> {
        err.println(plugin(e).map(jar -> "a failure in " + jar + ": " + e + "\nits author needs the stack trace:")
            .orElse("this should not have happened; please report it:"));
        e.printStackTrace(err);
        return FAILED;
      }
    }
  }

  /** The plug-in whose code was at work when something was thrown, as its class loader is called. */
  private static Optional<String> plugin(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .flatMap(cause -> Stream.of(cause.getStackTrace()))
        .flatMap(frame -> Stream.ofNullable(frame.getClassLoaderName()))
        .filter(loader -> loader.startsWith("plug-in ")).findFirst();
  }

  /** The JVM tells by words alone which memory was too small. */
  private static String outOfMemory(String said) {
    if (said.contains("heap space") || said.contains("GC overhead") || said.contains("array size")) {
      return "no memory left on the Java heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MB (" + said
          + "): take a smaller model, batch or data set, or a larger heap, as ASHLAR_JAVA_OPTS=-Xmx8g gives";
    }
    if (said.contains("direct buffer memory")) {
      return "no memory left for arrays: " + said
          + ": take a smaller model, batch or data set, or a higher limit, as ASHLAR_JAVA_OPTS=-Xmx8g gives";
    }
    return "no memory left: " + said + ": take a smaller model, batch or data set, or a machine with more";
  }
}
