package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import dev.ashlar.training.ModelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prompts as tokens.
 *
 * @param model what messages call the model
 * @param text how it reads text; none where it knows tokens alone
 */
public record Prompts(String model, Optional<ModelText> text) {

  private static final String EXPECTED = "{\"prompt\": \"..\"}, a text in quotes, {\"ids\": [1, 2]} or a list of ids";

  /**
   * The tokens of a text.
   *
   * @param source what messages call it
   * @throws FileException if the model knows tokens alone, or there are none for a part of the text
   */
  public int[] tokens(String prompt, String source) throws FileException {
    ModelText known = text.orElseThrow(() -> FileException.at(model, "no tokenizer", "one, to read text with",
        "give tokens in place of text: --prompt-ids 1,2,3, or lines of {\"ids\": [1, 2, 3]}"));
    int[] tokens = known.encode(prompt, source);
    if (tokens.length == 0) {
      throw FileException.at(source, "no text", "a character at least", "");
    }
    return tokens;
  }

  /**
   * One of several.
   *
   * @param place where it stands, such as {@code prompts.jsonl:3}
   */
  public record Prompt(String place, int[] tokens) {}

  /**
   * Those of a file: JSON Lines of texts or tokens; of a file that ends in .txt each line is a text.
   *
   * @throws FileException if it cannot be read, or a line is none of these
   */
  public List<Prompt> read(Path file) throws FileException {
    boolean isText = file.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
    List<Prompt> prompts = new ArrayList<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw FileProblems.reading(file, e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String place = file + ":" + (i + 1);
      if (!lines.get(i).isBlank()) {
        prompts.add(new Prompt(place,
            isText ? tokens(lines.get(i), place) : tokens(value(lines.get(i), place), place)));
      }
    }
    if (prompts.isEmpty()) {
      throw FileException.at(file.toString(), "no line with a prompt", EXPECTED, "");
    }
    return prompts;
  }

  /** A line is a place by itself. */
  private static Value value(String line, String place) throws FileException {
    try {
      return Json.read(line, place);
    } catch (FileException e) {
      throw FileException.at(place, e.problem().found(), EXPECTED, "each line is JSON by itself, whole");
    }
  }

  private int[] tokens(Value line, String place) throws FileException {
    return switch (line) {
      case Value.Text said -> tokens(said.value(), place);
      case Value.Sequence list when !list.items().isEmpty() -> ids(list, place);
      case Value.Mapping map when known(map) != null -> tokens(known(map), place);
      default -> throw FileException.at(place, FileProblems.shown(line.toString()), EXPECTED, "");
    };
  }

  private static @Nullable Value known(Value.Mapping map) {
    for (String key : List.of("prompt", "text", "ids")) {
      if (map.get(key) instanceof Value value && !(value instanceof Value.Mapping)) {
        return value;
      }
    }
    return null;
  }

  private static int[] ids(Value.Sequence list, String place) throws FileException {
    int[] ids = new int[list.items().size()];
    for (int i = 0; i < ids.length; i++) {
      if (!(list.items().get(i) instanceof Value.Num number && number.isLong()
          && number.value().longValue() == number.value().intValue())) {
        throw FileException.at(place, FileProblems.shown(list.items().get(i).toString()),
            "whole numbers, the ids of tokens", "");
      }
      ids[i] = number.value().intValue();
    }
    return ids;
  }
}
