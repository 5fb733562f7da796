package dev.ashlar.io.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parts of a set whose examples come in groups that stay together. Group by group, in random order, each goes to the
 * part that is furthest behind its share; where there are classes, behind its shares of those of the group, as each
 * class counts.
 */
final class GroupedParts {
  private final int[] groups;
  private final int[] classes;
  private final int classCount;

  /**
   * @param groups a number for each example, from 0 on
   * @param classes of each example; empty if they do not count
   */
  GroupedParts(int[] groups, long[] classes) {
    this.groups = groups;
    var numbers = new LinkedHashMap<Long, Integer>();
    this.classes = new int[groups.length];
    for (int i = 0; i < classes.length; i++) {
      numbers.putIfAbsent(classes[i], numbers.size());
      this.classes[i] = numbers.get(classes[i]);
    }
    this.classCount = Math.max(1, numbers.size());
  }

  /**
   * Positions in parts of these shares.
   *
   * @throws IllegalArgumentException if there are fewer groups than parts
   */
  List<long[]> parts(double[] shares, long seed) {
    var members = members();
    if (members.size() < shares.length) {
      throw new IllegalArgumentException(members.size() + (members.size() == 1 ? " group is" : " groups are")
          + " too few for " + shares.length + " parts, since groups stay together");
    }
    var owed = owed(shares);
    var totals = totals();
    var parts = new ArrayList<List<Integer>>();
    for (int i = 0; i < shares.length; i++) parts.add(new ArrayList<>());
    var order = new long[members.size()];
    new RandomStream(seed, "groups").permutation(order);
    for (int at = 0; at < order.length; at++) {
      var group = members.get((int) order[at]);
      long empty = parts.stream().filter(List::isEmpty).count();
      int part = best(counts(group), owed, totals, parts, order.length - at <= empty);
      parts.get(part).addAll(group);
      for (int example : group) owed[part][classes[example]]--;
    }
    return parts.stream().map(part -> part.stream().mapToLong(Integer::longValue).sorted().toArray()).toList();
  }

  private List<List<Integer>> members() {
    Map<Integer, List<Integer>> members = new LinkedHashMap<>();
    for (int i = 0; i < groups.length; i++) members.computeIfAbsent(groups[i], _ -> new ArrayList<>()).add(i);
    return List.copyOf(members.values());
  }

  private int[] counts(List<Integer> group) {
    var counts = new int[classCount];
    for (int example : group) counts[classes[example]]++;
    return counts;
  }

  private double[] totals() {
    var totals = new double[classCount];
    for (int number : classes) totals[number]++;
    return totals;
  }

  /** [part, class]: how many examples it should still get. */
  private double[][] owed(double[] shares) {
    var totals = totals();
    return Arrays.stream(shares).mapToObj(share -> Arrays.stream(totals).map(total -> share * total).toArray())
        .toArray(double[][]::new);
  }

  /** @param emptyOnly since there are no more groups than parts that have none */
  private int best(int[] counts, double[][] owed, double[] totals, List<List<Integer>> parts, boolean emptyOnly) {
    int best = -1;
    double most = 0;
    for (int part = 0; part < owed.length; part++) {
      if (emptyOnly && !parts.get(part).isEmpty()) continue;
      double behind = 0;
      for (int i = 0; i < classCount; i++) behind += counts[i] * owed[part][i] / totals[i];
      if (best < 0 || behind > most) {
        best = part;
        most = behind;
      }
    }
    return best;
  }
}
