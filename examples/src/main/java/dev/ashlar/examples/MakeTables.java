package dev.ashlar.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the invented tables among the examples' data, the same at each run: {@code MakeTables examples/data}. Each
 * follows a rule, with chance added, so that what a model should find in it is known.
 */
final class MakeTables {

  /** What it writes. */
  static final List<String> FILES = List.of("flats.csv", "subscribers.csv", "birds.csv", "pumps.csv");

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    write(folder.resolve("flats.csv"), "area,rooms,floor,district,built,price", 800, MakeTables::flat);
    write(folder.resolve("subscribers.csv"), "age,plan,payment,minutes,joined,left", 1000, MakeTables::subscriber);
    write(folder.resolve("birds.csv"), "wing,weight,habitat,call,ringed,species", 600, MakeTables::bird);
    write(folder.resolve("pumps.csv"), "pressure,temperature,vibration,hours,maker,state", 3000, MakeTables::pump);
  }

  private static void write(Path file, String header, int rows, Function<Random, String> row) throws IOException {
    Random random = new Random(header.hashCode());
    Files.writeString(file, Stream.concat(Stream.of(header), Stream.generate(() -> row.apply(random)).limit(rows))
        .collect(Collectors.joining("\n", "", "\n")));
  }

  /** Dear by area and district, cheaper with age, and by the harbour each floor has a better view. */
  private static String flat(Random random) {
    double area = 25 + 115 * random.nextDouble();
    int rooms = Math.max(1, (int) Math.round(area / 28 + 0.4 * random.nextGaussian()));
    int floor = random.nextInt(9);
    String district = one(random, "harbour", "hills", "market", "station");
    LocalDate built = day(random, 1950, 70);
    double perSquareMetre = switch (district) {
      case "harbour" -> 3.0 + 0.3 * floor;
      case "hills" -> 4.5;
      case "market" -> 3.6;
      default -> 2.4;
    };
    double aged = 1 - 0.006 * (2020 - built.getYear());
    double price = area * perSquareMetre * aged * (1 + 0.05 * random.nextGaussian()) + 8 * rooms;
    return text("%.1f,%d,%d,%s,%s,%.1f", area, rooms, floor, district, built, price);
  }

  /** Leaves who got it as a gift in December, or pays for much and uses little; one value in twelve is not known. */
  private static String subscriber(Random random) {
    int age = 18 + random.nextInt(60);
    String plan = one(random, "basic", "family", "premium");
    String payment = one(random, "card", "invoice", "transfer");
    double minutes = Math.max(0, 60 + 35 * random.nextGaussian());
    LocalDate joined = day(random, 2019, 5);
    double tendency = -2.2 + (joined.getMonthValue() == 12 ? 4 : 0) + (payment.equals("invoice") ? 0.8 : 0)
        + (plan.equals("premium") && minutes < 60 ? 4 : 0) + (plan.equals("basic") ? -0.6 : 0)
        + (age < 30 ? 0.8 : 0);
    String left = random.nextDouble() < 1 / (1 + StrictMath.exp(-1.5 * tendency)) ? "yes" : "no";
    return String.join(",", perhaps(random, age + ""), plan, perhaps(random, payment),
        perhaps(random, text("%.0f", minutes)), joined + "", left);
  }

  /** Two pairs of like build: one pair is told apart by where it lives, the other by its call. */
  private static String bird(Random random) {
    String species = one(random, "marsh piper", "stone piper", "lark bunting", "reed bunting");
    boolean piper = species.endsWith("piper");
    double wing = (piper ? 142 : 96) + 9 * random.nextGaussian();
    double weight = (piper ? 61 : 27) + 7 * random.nextGaussian();
    String habitat = switch (species) {
      case "marsh piper" -> mostly(random, 0.9, "marsh", "coast", "field");
      case "stone piper" -> mostly(random, 0.9, "coast", "marsh", "field");
      default -> one(random, "marsh", "coast", "field");
    };
    String call = switch (species) {
      case "lark bunting" -> mostly(random, 0.92, "trill", "rattle", "whistle");
      case "reed bunting" -> mostly(random, 0.92, "rattle", "trill", "whistle");
      default -> one(random, "trill", "rattle", "whistle");
    };
    return text("%.0f,%.1f,%s,%s,%s,%s", wing, weight, habitat, call, day(random, 2015, 8), species);
  }

  /** One in twelve is about to fail: old and shaking, or hot under high pressure. */
  private static String pump(Random random) {
    double pressure = 5 + random.nextGaussian();
    double temperature = 60 + 8 * random.nextGaussian();
    double vibration = StrictMath.exp(0.4 * random.nextGaussian());
    double hours = 20_000 * random.nextDouble();
    String maker = one(random, "Arno", "Brenta", "Cecina");
    double danger = Math.max((hours - 13_000) / 3_000 + (vibration - 1.5) * 3 - 1,
        (pressure - 5.9) + (temperature - 67) / 8) + (maker.equals("Cecina") ? 0.3 : 0);
    String state = danger + 0.3 * random.nextGaussian() > 0.85 ? "failing" : "sound";
    return text("%.2f,%.1f,%.2f,%.0f,%s,%s", pressure, temperature, vibration, hours, maker, state);
  }

  // ---------------------------------------------------------------- chance

  private static String one(Random random, String... names) {
    return names[random.nextInt(names.length)];
  }

  private static String mostly(Random random, double share, String usual, String... others) {
    return random.nextDouble() < share ? usual : one(random, others);
  }

  private static String perhaps(Random random, String value) {
    return random.nextInt(12) == 0 ? "" : value;
  }

  private static LocalDate day(Random random, int firstYear, int years) {
    return LocalDate.of(firstYear, 1, 1).plusDays(random.nextInt(365 * years));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
