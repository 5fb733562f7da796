package dev.ashlar.backend.cpu.gemm;

/**
 * Tiles of one height below each other.
 *
 * @param start first row
 * @param height rows of a tile
 * @param tiles how many
 */
record Band(int start, int height, int tiles, Call call) {}
