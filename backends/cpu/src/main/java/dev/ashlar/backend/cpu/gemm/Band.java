package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Tiles of one height below each other.
 *
 * @param start first row
 * @param height rows of a tile
 * @param tiles how many
 */
record Band(int start, int height, int tiles, Call call) {

  /**
   * The bands of a column of tiles.
   *
   * @param first row of the first tile
   * @param tiles rows of each, counted from there; those of a height are side by side
   * @param call makes the call for a band that begins with this tile
   */
  static List<Band> of(int first, List<Range> tiles, Function<Range, Call> call) {
    List<Band> bands = new ArrayList<>();
    for (var tile : tiles) {
      var last = bands.isEmpty() ? null : bands.getLast();
      if (last != null && last.height == tile.size()) {
        bands.set(bands.size() - 1, new Band(last.start, last.height, last.tiles + 1, last.call));
      } else {
        bands.add(new Band(first + tile.start(), tile.size(), 1, call.apply(tile)));
      }
    }
    return bands;
  }
}
