package dev.ashlar.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** What texts on the command line mean, and what is said of those that mean nothing. */
final class Converters {

  private Converters() {}

  static void registerAt(CommandLine line) {
    line.registerConverter(Path.class, Converters::path)
        .registerConverter(Boolean.class, Converters::truth)
        .registerConverter(Integer.class, text -> number(text, Integer::valueOf, "a whole number"))
        .registerConverter(int.class, text -> number(text, Integer::valueOf, "a whole number"))
        .registerConverter(Long.class, text -> number(text, Long::valueOf, "a whole number"))
        .registerConverter(Double.class, text -> number(text, Double::valueOf, "a number"))
        .registerConverter(double.class, text -> number(text, Double::valueOf, "a number"));
  }

  /** A name of a file or a folder. An empty one, as a variable that is not set gives it, is none. */
  static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("''; it must be a file or a folder");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + text + "'; it must be a file or a folder: " + e.getReason());
    }
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new TypeConversionException("'" + text + "'; it must be true or false");
    };
  }

  private static <T> T number(String text, Function<String, T> read, String expected) {
    try {
      return read.apply(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "'; it must be " + expected);
    }
  }

  /** {@code -}, or the name of a file. */
  static final class FileName implements CommandLine.ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return path(text).toString();
    }
  }
}
