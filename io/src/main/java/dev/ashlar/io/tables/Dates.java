package dev.ashlar.io.tables;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Days, and days with a time, as text. */
final class Dates {
  private static final double NANOS_OF_DAY = 86_400e9;
  /** Later ones would be rounded to the next day. */
  private static final double LAST_MOMENT = 1 - 0x1p-30;

  /** How days are written beside ISO 8601, the commonest first. */
  static final List<String> USUAL = List.of("dd/MM/yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "dd-MM-yyyy", "yyyy/MM/dd",
      "yyyy.MM.dd", "d/M/yyyy", "M/d/yyyy", "d.M.yyyy", "dd/MM/yyyy HH:mm", "MM/dd/yyyy HH:mm", "dd.MM.yyyy HH:mm",
      "d MMM yyyy", "dd MMM yyyy", "dd-MMM-yyyy", "MMM d, yyyy");

  /** ISO 8601, with a blank instead of the T as databases write it; seconds and zone may be missing. */
  private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
      .append(DateTimeFormatter.ISO_LOCAL_DATE)
      .optionalStart()
      .appendPattern("['T'][' ']")
      .append(DateTimeFormatter.ISO_LOCAL_TIME)
      .optionalStart()
      .appendPattern("[XXX][XX][X]")
      .toFormatter(Locale.ROOT)
      .withResolverStyle(ResolverStyle.STRICT);

  private final DateTimeFormatter formatter;

  private Dates(DateTimeFormatter formatter) {
    this.formatter = formatter;
  }

  static Dates of(Optional<String> format) {
    return new Dates(format.map(Dates::formatter).orElse(ISO));
  }

  /** @throws IllegalArgumentException if it is no pattern, or has no day */
  static DateTimeFormatter formatter(String pattern) {
    try {
      var formatter = DateTimeFormatter.ofPattern(withoutEra(pattern), Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);
      var today = formatter.format(java.time.LocalDateTime.of(2001, 2, 3, 4, 5, 6).atOffset(ZoneOffset.UTC));
      LocalDate.parse(today, formatter);
      return formatter;
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IllegalArgumentException("a pattern of a day such as dd.MM.yyyy (" + e.getMessage() + ")", e);
    }
  }

  /** Usual formats, other than ISO 8601, that all of some texts have; none if they are no days. */
  static List<String> formatsOf(Collection<String> texts) {
    return texts.isEmpty() ? List.of() : formatsOf(texts, USUAL);
  }

  /** Those of some formats that all texts have. */
  static List<String> formatsOf(Collection<String> texts, List<String> formats) {
    return formats.stream().filter(format -> {
      var dates = of(Optional.of(format));
      return texts.stream().noneMatch(text -> Double.isNaN(dates.parse(text)));
    }).toList();
  }

  /** Strictly read, a year of {@code yyyy} wants an era; {@code uuuu} is the same without. Quoted text stays. */
  private static String withoutEra(String pattern) {
    var parts = pattern.split("'", -1);
    for (int i = 0; i < parts.length; i += 2) parts[i] = parts[i].replace('y', 'u');
    return String.join("'", parts);
  }

  /**
   * Days since 1970-01-01, with a fraction; NaN if the text is no date. A time with a zone is taken in UTC, one
   * without as it stands.
   */
  double parse(String text) {
    if (text.isEmpty() || !Character.isLetterOrDigit(text.charAt(0)) && text.charAt(0) != '-') return Double.NaN;
    try {
      return days(formatter.parse(text));
    } catch (DateTimeParseException e) {
      return Double.NaN;
    }
  }

  /** The same of a day, perhaps with a time, perhaps with an offset. */
  static double days(TemporalAccessor moment) {
    var date = LocalDate.from(moment);
    LocalTime time = moment.query(TemporalQueries.localTime());
    double days = date.toEpochDay() + (time == null ? 0 : Math.min(time.toNanoOfDay() / NANOS_OF_DAY, LAST_MOMENT));
    return moment.isSupported(ChronoField.OFFSET_SECONDS)
        ? days - moment.get(ChronoField.OFFSET_SECONDS) / 86_400.0 : days;
  }
}
