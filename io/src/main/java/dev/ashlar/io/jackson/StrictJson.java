package dev.ashlar.io.jackson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Location;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Parsers that accept JSON and nothing else, refuse a name that is given twice, and have limits. */
public final class StrictJson {
  /** Levels of lists and maps: a file from a stranger must not exhaust the stack. */
  public static final int DEEPEST = 200;

  private static final int LONGEST_NAME = 1 << 16;
  private static final int LONGEST_MESSAGE = 200;

  private StrictJson() {}

  /** A factory of parsers and generators; cheap, and shared by nobody. */
  public static JsonFactory factory() {
    return new JsonFactoryBuilder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxNameLength(LONGEST_NAME)
            .maxStringLength(Integer.MAX_VALUE)
            .build())
        .build();
  }

  /**
   * The text of UTF-8 bytes.
   *
   * @throws FileException if they are not
   */
  public static String decode(ByteBuffer bytes, String source) throws FileException {
    try {
      return StandardCharsets.UTF_8.newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes)
          .toString();
    } catch (CharacterCodingException e) {
      throw FileException.at(source + ": byte " + bytes.position(), "bytes that are not UTF-8",
          "JSON in UTF-8", "");
    }
  }

  /** Where a parser stands. */
  public static Location location(String source, JsonLocation at) {
    return new Location(source, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }

  /** What a parser did not like. */
  public static FileException problem(String source, JsonParser parser, Exception reason) {
    var at = reason instanceof JsonProcessingException e && e.getLocation() != null
        ? e.getLocation()
        : parser.currentLocation();
    var place = new Place("", location(source, at));
    boolean limit = reason instanceof StreamConstraintsException;
    return new FileException(
        new Problem(place, said(reason), limit ? "JSON within limits" : "JSON, each name once in a map", ""),
        reason);
  }

  /** What the library says, in one line, without its advice to change the program. */
  public static String said(Exception reason) {
    var said = reason instanceof JsonProcessingException e ? e.getOriginalMessage()
        : String.valueOf(reason.getMessage());
    var line = said.lines().findFirst().orElse("")
        .replaceAll(", from `[^`]*`", "")
        .replaceAll("(: enable `| \\((start marker|for \\w+ starting) at | \\(not recognized as ).*", "")
        .replaceAll("can not be deserialized as `[^`]*`, reason: +", "is no number: ")
        .replaceAll("\\p{Cntrl}", "?")
        .strip();
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "...";
  }
}
