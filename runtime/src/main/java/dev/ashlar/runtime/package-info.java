/**
 * Running Ashlar from configurations: YAML to value trees, the configuration's records, plug-in folders, wiring, runs
 * and their folders. The command line is a thin front over it.
 */
@NullMarked
package dev.ashlar.runtime;

import org.jspecify.annotations.NullMarked;
