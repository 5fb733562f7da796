package dev.ashlar.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A script by which fish, for which picocli makes none, completes commands, options and their values. */
final class FishCompletion {

  private static final String COMPLETE = "complete -c ashlar";

  private FishCompletion() {}

  static String of(CommandLine line) {
    List<String> lines = new ArrayList<>();
    lines.add("# ashlar: completion for fish");
    lines.add(COMPLETE + " -f");
    add(line, "__fish_use_subcommand", lines);
    return String.join("\n", lines) + "\n";
  }

  /** @param condition that the command is what has been typed so far */
  private static void add(CommandLine line, String condition, List<String> lines) {
    CommandSpec spec = line.getCommandSpec();
    spec.options().stream().filter(option -> !option.hidden())
        .forEach(option -> lines.add(completion(condition) + names(option) + values(option) + described(option)));
    spec.positionalParameters().stream().filter(parameter -> parameter.type() == Path.class)
        .forEach(_ -> lines.add(completion(condition) + " -F"));
    spec.positionalParameters().stream().map(PositionalParamSpec::completionCandidates).filter(Objects::nonNull)
        .forEach(offers -> lines.add(completion(condition) + " -a " + quoted(candidates(offers))));
    line.getSubcommands().forEach((name, command) -> {
      lines.add(completion(inside(condition, line)) + " -a " + name
          + " -d " + quoted(first(command.getCommandSpec().usageMessage().description())));
      add(command, "__fish_seen_subcommand_from " + name, lines);
    });
  }

  /** A command is offered until one of its kind is there. */
  private static String inside(String condition, CommandLine line) {
    return line.getParent() == null ? condition
        : condition + "; and not __fish_seen_subcommand_from " + String.join(" ", line.getSubcommands().keySet());
  }

  private static String completion(String condition) {
    return COMPLETE + " -n " + quoted(condition);
  }

  private static String names(OptionSpec option) {
    StringBuilder text = new StringBuilder();
    for (String name : option.names()) {
      text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    return text.toString();
  }

  private static String values(OptionSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    boolean isFile = option.paramLabel().matches("FILE|DIR|CONFIG");
    return option.completionCandidates() != null ? " -x -a " + quoted(candidates(option.completionCandidates()))
        : isFile ? " -r -F" : " -x";
  }

  private static String described(OptionSpec option) {
    return " -d " + quoted(first(option.description()));
  }

  private static String candidates(Iterable<String> candidates) {
    return StreamSupport.stream(candidates.spliterator(), false).collect(Collectors.joining(" "));
  }

  /** The first sentence; what is behind it is for the help. */
  private static String first(String[] description) {
    String whole = description.length == 0 ? "" : String.join(" ", description).replace("%n", " ");
    return whole.split("[.;:] |\\.$", 2)[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
