package dev.ashlar.architecture.planted.data;

/** Planted: a public type that does not say how long it stays. */
public final class SaysNothing {}
