/**
 * From value trees to records and back. Configuration files, model files and descriptions of plug-ins all
 * use it.
 *
 * <p>A <em>bindable type</em> is a record whose components are the configuration. A component may be an
 * {@code int}, {@code long}, {@code float}, {@code double}, {@code boolean}, {@code String}, an enum, a
 * {@code Path} (relative to the configuration's folder), an {@code Optional}, a {@code List}, a
 * {@code Map<String, T>}, another record, a sealed interface of records, a kind of plug-in that the
 * {@link dev.ashlar.config.NameResolver} knows, a {@link dev.ashlar.config.Named} one, or a raw
 * {@link dev.ashlar.config.Value}.
 *
 * <h2>The grammar</h2>
 * <ul>
 *   <li>A <b>record</b> is a map from component to value. Names are those of Java in lower case with
 *       underscores ({@code learningRate} is {@code learning_rate}) unless {@code @Name} says otherwise.
 *   <li><b>Shorthand</b>: a scalar or a list where a record is meant stands for its first component.
 *   <li>A <b>named value</b> (a plug-in, or one of a sealed interface) is {@code name},
 *       {@code {name: {component: value, ..}}} or {@code {name: shorthand}}. A name may be qualified by its
 *       plug-in and carry the version that wrote it: {@code plugin:name@version}.
 *   <li>Where an interface has a {@link dev.ashlar.config.Shorthand}, a number or a list stands for the
 *       implementation that it names: {@code learning_rate: 0.1} for {@code {constant: 0.1}}.
 *   <li>Where a {@code Named} is meant, {@code as} gives the label: {@code {dense: 10, as: head}}.
 *   <li>A <b>{@link dev.ashlar.config.Tuple} record</b> is a list of its components in order, or one value
 *       that stands for all of them: {@code kernel: [3, 5]}, {@code kernel: 3}.
 *   <li>A <b>list</b> is always a list; a lone value is a mistake. An <b>optional</b> value is absent, null
 *       or the value. Null anywhere else is a mistake, but for the empty map of a record.
 *   <li>Whole numbers are exact ({@code 1e3} is one, {@code 1.5} is not). A fraction may also be the text
 *       {@code inf}, {@code -inf} or {@code nan}.
 * </ul>
 *
 * <h2>What a stranger's module must allow</h2>
 * A public record in a package that its module exports needs nothing more. Any other record needs its package
 * opened to {@code dev.ashlar.core}. On the class path everything is open.
 */
@NullMarked
package dev.ashlar.config;

import org.jspecify.annotations.NullMarked;
