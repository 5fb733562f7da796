/**
 * Kernels as bytecode: hidden classes written with {@link java.lang.classfile}, over the lanes of the Vector
 * API where its module is there, over plain numbers where it is not. Runs on any JVM; checks bounds on
 * request.
 *
 * <p>The shape of what is written follows what C2 compiles well: a driver that knows only integers calls
 * small static methods, one loop to a method; accumulators start from memory; scalars and sizes are
 * arguments; nothing of our own is called in a hot loop.
 */
@NullMarked
package dev.ashlar.backend.cpu.bytecode;

import org.jspecify.annotations.NullMarked;
