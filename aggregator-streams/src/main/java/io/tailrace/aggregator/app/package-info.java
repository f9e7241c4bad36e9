/** The aggregator as a service: configuration, life and health. */
@NullMarked
package io.tailrace.aggregator.app;

import org.jspecify.annotations.NullMarked;
