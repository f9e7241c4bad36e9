/** Windows, violations, run events and summaries as documents of Elasticsearch and OpenSearch. */
@NullMarked
package io.tailrace.sink.elasticsearch;

import org.jspecify.annotations.NullMarked;
