package dev.ashlar.training;

import java.util.List;

/** Text that comes token by token and ends before a text to stop at; what might begin one is held back. */
final class StoppingText {

  private final ModelText.Decoder decoder;
  private final List<String> stops;
  private final StringBuilder all = new StringBuilder();
  private int told;
  private boolean stopped;

  StoppingText(ModelText.Decoder decoder, List<String> stops) {
    this.decoder = decoder;
    this.stops = stops;
  }

  /** What can be told, now that there is another token. */
  String next(int token) {
    return told(decoder.next(token), false);
  }

  /** What was held back, now that there are no more tokens. */
  String rest() {
    return told(stopped ? "" : decoder.rest(), true);
  }

  /** Whether a text to stop at has come. */
  boolean isStopped() {
    return stopped;
  }

  /** All that was told. */
  String text() {
    return all.toString();
  }

  private String told(String more, boolean isLast) {
    if (stopped) {
      return "";
    }
    all.append(more);
    int end = all.length();
    for (String stop : stops) {
      int at = all.indexOf(stop, told); // what was told begins none
      if (at >= 0 && at <= end) {
        stopped = true;
        end = at;
      }
    }
    if (stopped) {
      all.setLength(end);
    } else if (!isLast) {
      end = stops.stream().mapToInt(this::begun).min().orElse(end);
    }
    String piece = all.substring(told, end);
    told = end;
    return piece;
  }

  /** Where the end of the text begins a stop; the end itself if it does not. */
  private int begun(String stop) {
    for (int from = Math.max(told, all.length() - stop.length() + 1); from < all.length(); from++) {
      if (stop.startsWith(all.substring(from))) {
        return from;
      }
    }
    return all.length();
  }
}
