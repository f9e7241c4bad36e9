package io.tailrace.sink.cloudwatch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Reads every answer to its end, also where Amazon's client sees nothing in it to read: one that
 * breaks off is none.
 */
final class WholeAnswers implements ExecutionInterceptor {
  private static final int LARGEST = 8 << 20;

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    return context.responseBody().map(WholeAnswers::whole);
  }

  private static InputStream whole(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw SdkClientException.create("an answer of more than " + LARGEST + " bytes");
      }
      return new ByteArrayInputStream(bytes);
    } catch (IOException e) {
      throw SdkClientException.create("the answer breaks off: " + e.getMessage(), e);
    }
  }
}
