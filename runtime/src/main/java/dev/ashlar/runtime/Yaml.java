package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Location;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML 1.2 into value trees that know file, line and column. One document, no tags, keys are text; anchors are
 * allowed within reason. A key that stands twice stays twice: the binder reports it with all else.
 */
public final class Yaml {

  private static final int DEEPEST = 100;
  /** Values in a tree, aliases written out: a few lines of aliases of aliases could make billions. */
  private static final int MOST = 100_000;

  private final String file;
  private final Iterator<Event> events;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int values;

  private record Anchored(Value value, int values) {}

  private Yaml(String text, String file) {
    this.file = file;
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    this.events = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /**
   * The tree of a file.
   *
   * @throws ConfigException if it cannot be read or is no YAML
   */
  public static Value read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (CharacterCodingException e) {
      throw problem(new Place(file.toString(), null), "bytes that are not UTF-8", "text in UTF-8", "");
    } catch (IOException e) {
      Problem reason = FileProblems.reading(file, e).problem();
      throw problem(new Place(file.toString(), null), reason.found(), "a configuration in YAML", reason.help());
    }
  }

  /**
   * The tree of a text.
   *
   * @param file how messages call it
   * @throws ConfigException if it is no YAML
   */
  public static Value parse(String text, String file) {
    try {
      return new Yaml(text.startsWith("\uFEFF") ? text.substring(1) : text, file).document().placed(Place.ROOT);
    } catch (MarkedYamlEngineException e) {
      throw syntax(e, file);
    } catch (YamlEngineException e) {
      throw problem(new Place(file, null), String.valueOf(e.getMessage()), "YAML", "");
    }
  }

  private static ConfigException syntax(MarkedYamlEngineException e, String file) {
    Place place = e.getProblemMark().map(mark -> Place.at(location(file, mark))).orElse(new Place(file, null));
    return new ConfigException(YamlMistakes.told(e, place, file));
  }

  private static ConfigException problem(Place place, String found, String expected, String help) {
    return new ConfigException(new Problem(place, found, expected, help));
  }

  static Location location(String file, Mark mark) {
    return new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  // ---------------------------------------------------------------- events

  private Value document() {
    Event event = next();
    while (event.getEventId() == Event.ID.StreamStart || event.getEventId() == Event.ID.DocumentStart) {
      event = next();
    }
    if (event.getEventId() == Event.ID.StreamEnd) {
      return new Value.Null(Place.at(new Location(file, 1, 1)));
    }
    Value value = value(event, 0);
    while (events.hasNext()) {
      Event rest = next();
      if (rest.getEventId() == Event.ID.DocumentStart) {
        throw problem(place(rest), "a second document", "one document in a file", "");
      }
    }
    return value;
  }

  private Value value(Event event, int depth) {
    if (depth > DEEPEST) {
      throw problem(place(event), "more than " + DEEPEST + " levels", "a tree less deep", "");
    }
    int before = values;
    count(1, event);
    if (event instanceof NodeEvent node && tag(node).isPresent()) {
      throw problem(place(event), "the tag '" + tag(node).get() + "'", "a value without a tag", "");
    }
    Value value = switch (event) {
      case AliasEvent alias -> alias(alias);
      case ScalarEvent scalar -> scalar(scalar);
      case SequenceStartEvent _ -> sequence(event, depth);
      case MappingStartEvent _ -> mapping(event, depth);
      default -> throw new IllegalStateException("no value begins with " + event);
    };
    if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
      node.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), new Anchored(value, values - before)));
    }
    return value;
  }

  private Value alias(AliasEvent event) {
    String name = event.getAlias().getValue();
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw problem(place(event), "the alias '*" + name + "'", "an anchor '&" + name + "' before it is used", "");
    }
    count(anchored.values, event);
    return anchored.value;
  }

  private Value scalar(ScalarEvent event) {
    return event.getScalarStyle() == ScalarStyle.PLAIN
        ? Value.plainScalar(event.getValue(), place(event))
        : new Value.Text(event.getValue(), place(event));
  }

  private Value sequence(Event start, int depth) {
    List<Value> items = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      items.add(value(event, depth + 1));
    }
    return new Value.Sequence(items, place(start));
  }

  private Value mapping(Event start, int depth) {
    List<Value.Entry> entries = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      if (!(event instanceof ScalarEvent key)) {
        throw problem(place(event), "a key that is no text", "a name", "");
      }
      if (key.getValue().equals("<<") && key.isPlain()) {
        throw problem(place(event), "the merge key '<<'", "names alone: YAML 1.2 knows no merge keys",
            "write the values out; '*name' stands for a whole value");
      }
      entries.add(new Value.Entry(key.getValue(), place(event).location(), value(next(), depth + 1)));
    }
    return new Value.Mapping(entries, place(start));
  }

  private void count(int more, Event event) {
    values += more;
    if (values > MOST) {
      throw problem(place(event), "more than " + MOST + " values, aliases written out", "a smaller configuration", "");
    }
  }

  private static Optional<String> tag(NodeEvent event) {
    return switch (event) {
      case ScalarEvent scalar -> scalar.getTag();
      case SequenceStartEvent sequence -> sequence.getTag();
      case MappingStartEvent mapping -> mapping.getTag();
      default -> Optional.empty();
    };
  }

  private Event next() {
    return events.next();
  }

  private Place place(Event event) {
    return event.getStartMark().map(mark -> Place.at(location(file, mark))).orElse(new Place(file, null));
  }
}
