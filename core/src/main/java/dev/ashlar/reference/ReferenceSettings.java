package dev.ashlar.reference;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;

/** The reference backend in a configuration: {@code reference} or {@code {reference: {checked: true}}}. */
@Name("reference")
public record ReferenceSettings(
    @Doc("whether to stop at the first operation that gives a NaN") @Default("false") boolean checked)
    implements BackendFactory {

  @Override
  public Backend open() {
    return new ReferenceBackend(checked);
  }
}
