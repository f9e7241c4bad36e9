/** Sinks as a service: found, configured, started, watched and stopped. */
@NullMarked
package io.tailrace.sink.core.service;

import org.jspecify.annotations.NullMarked;
