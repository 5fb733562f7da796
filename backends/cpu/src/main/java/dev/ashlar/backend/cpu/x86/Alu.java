package dev.ashlar.backend.cpu.x86;

/** The two-operand integer instructions that share one encoding scheme, in the order of the encoding. */
public enum Alu { ADD, OR, ADC, SBB, AND, SUB, XOR, CMP }
