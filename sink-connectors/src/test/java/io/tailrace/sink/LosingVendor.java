package io.tailrace.sink;

import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.io.IOException;
import java.util.Random;
import java.util.function.Predicate;

/** A target that loses one answer in ten after it acted, and counts them. */
final class LosingVendor implements StubTarget.Vendor {
  private final Random random = new Random(7);
  private final StubTarget.Vendor vendor;
  private final Predicate<Request> changes;
  private int lost;

  LosingVendor(StubTarget.Vendor vendor, Predicate<Request> changes) {
    this.vendor = vendor;
    this.changes = changes;
  }

  boolean isChange(Request request) {
    return changes.test(request);
  }

  @Override
  public Answer answer(Request request) throws IOException {
    Answer answer = vendor.answer(request);
    if (isChange(request) && answer.status() < 300 && isLost()) {
      throw new IOException("lost on its way back");
    }
    return answer;
  }

  private synchronized boolean isLost() {
    boolean isLost = random.nextInt(10) == 0;
    lost += isLost ? 1 : 0;
    return isLost;
  }

  synchronized int lost() {
    return lost;
  }
}
