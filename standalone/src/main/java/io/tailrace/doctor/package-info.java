/** What may be wrong with a machine, a configuration and a cluster, and what to do about it. */
@NullMarked
package io.tailrace.doctor;

import org.jspecify.annotations.NullMarked;
