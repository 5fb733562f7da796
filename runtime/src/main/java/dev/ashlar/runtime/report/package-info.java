/** Pages about runs: one file that is kept, and a local server that follows runs. */
@NullMarked
package dev.ashlar.runtime.report;

import org.jspecify.annotations.NullMarked;
