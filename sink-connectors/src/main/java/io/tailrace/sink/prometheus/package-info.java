/** Results in Prometheus: scraped, pushed to a Pushgateway, or written remotely. */
@NullMarked
package io.tailrace.sink.prometheus;

import org.jspecify.annotations.NullMarked;
