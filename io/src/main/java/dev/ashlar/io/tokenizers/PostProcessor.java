package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is put around the tokens of a text. */
sealed interface PostProcessor {

  /**
   * The tokens as a model gets them.
   *
   * @param special whether special tokens are put around
   */
  int[] apply(int[] ids, boolean special);

  /** How many special tokens are put around a text. */
  default int added() {
    return apply(new int[0], true).length;
  }

  /**
   * Reads one.
   *
   * @throws FileException if it is of an unknown kind, or has a wrong field
   */
  static PostProcessor read(Fields fields) throws FileException {
    return switch (fields.type()) {
      case "Sequence" -> new Sequence(fields.list("processors", PostProcessor::read));
      case "ByteLevel" -> new Sequence(List.of());
      case "TemplateProcessing" -> Template.read(fields);
      case "BertProcessing", "RobertaProcessing" -> {
        int[] first = {id(fields.get("cls"))};
        int[] last = {id(fields.get("sep"))};
        yield new Template(List.of(new Part(true, first), new Part(false, first), new Part(true, last)));
      }
      default -> throw fields.unknownType("Sequence", "ByteLevel", "TemplateProcessing", "BertProcessing",
          "RobertaProcessing");
    };
  }

  /** The number of a pair of text and number. */
  private static int id(Value pair) throws FileException {
    var items = Fields.items(pair);
    if (items.size() == 2) return Fields.count(items.get(1));
    throw Fields.problem(pair, "a list of " + items.size(), "a token and its number", "");
  }

  /** One after the other. */
  record Sequence(List<PostProcessor> processors) implements PostProcessor {
    @Override
    public int[] apply(int[] ids, boolean special) {
      for (var each : processors) ids = each.apply(ids, special);
      return ids;
    }
  }

  /** Special tokens, or the place of the text. */
  record Part(boolean isSpecial, int[] ids) {}

  /** Parts in turn. */
  record Template(List<Part> parts) implements PostProcessor {

    static Template read(Fields fields) throws FileException {
      Map<String, int[]> specials = new HashMap<>();
      if (fields.has("special_tokens")) {
        for (var entry : fields.object("special_tokens").values().entries()) {
          specials.put(entry.key(), ids(Fields.of(entry.value())));
        }
      }
      var parts = new ArrayList<Part>();
      for (var piece : fields.items("single")) {
        var part = Fields.of(piece);
        if (!part.has("SpecialToken")) {
          part.object("Sequence");
          parts.add(new Part(false, new int[0]));
          continue;
        }
        var name = part.object("SpecialToken").text("id");
        var ids = specials.get(name);
        if (ids == null) {
          throw Fields.problem(part.object("SpecialToken").get("id"), FileProblems.shown(name),
              "a name that 'special_tokens' has", Nearest.advice(name, List.copyOf(specials.keySet())));
        }
        parts.add(new Part(true, ids));
      }
      return new Template(List.copyOf(parts));
    }

    private static int[] ids(Fields special) throws FileException {
      var items = special.items("ids");
      var ids = new int[items.size()];
      for (int i = 0; i < ids.length; i++) ids[i] = Fields.count(items.get(i));
      return ids;
    }

    @Override
    public int[] apply(int[] ids, boolean special) {
      var all = new Ids(ids.length + parts.size());
      for (var part : parts) {
        if (!part.isSpecial) all.addAll(ids);
        else if (special) all.addAll(part.ids);
      }
      return all.toArray();
    }
  }
}
