package io.tailrace.aggregator.window;

/** The requests of one status of one series in one window. */
final class StatusCell {
  final int status;
  final ValueCounts response;
  long errors;

  StatusCell(int status, PagePool pool) {
    this.status = status;
    response = new ValueCounts(pool);
  }

  long requests() {
    return response.count();
  }
}
