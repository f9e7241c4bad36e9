package io.tailrace.sink.cloudwatch;

import io.tailrace.config.Redaction;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.provider.SinkContext;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** CloudWatch through Amazon's own client: one attempt each, and what came of it. */
final class CloudWatchService implements AutoCloseable {
  /** What the client may need before it connects, the first time above all: no doubt by that. */
  private static final Duration PREPARATION = Duration.ofSeconds(2);

  private static final long NOTABLE_SKEW_SECONDS = 240;

  private final CloudWatchClient client;
  private final AwsCredentialsProvider credentials;
  private final Http rules;
  private final URI endpoint;
  private final Clock clock;
  private final Connections connections;
  private volatile long skewSeconds;

  private CloudWatchService(
      CloudWatchClient client,
      AwsCredentialsProvider credentials,
      Http rules,
      URI endpoint,
      Clock clock,
      Connections connections) {
    this.client = client;
    this.credentials = credentials;
    this.rules = rules;
    this.endpoint = endpoint;
    this.clock = clock;
    this.connections = connections;
  }

  static CloudWatchService open(CloudWatchConfig config, SinkContext context) {
    HttpConfig http = context.http().config();
    AwsCredentialsProvider credentials =
        config
            .credentials()
            .<AwsCredentialsProvider>map(keys -> StaticCredentialsProvider.create(signing(keys)))
            .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    Connections connections = new Connections(http);
    Region region = Region.of(config.region());
    var builder =
        CloudWatchClient.builder()
            .region(region)
            .credentialsProvider(credentials)
            .httpClient(UrlConnectionHttpClient.create(connections))
            .overrideConfiguration(overrides(http));
    config.endpoint().ifPresent(builder::endpointOverride);
    URI endpoint =
        config.endpoint().orElseGet(() -> CloudWatchClient.serviceMetadata().endpointFor(region));
    if (endpoint.getHost() == null) {
      endpoint = URI.create("https://" + endpoint);
    }
    return new CloudWatchService(
        builder.build(), credentials, context.http(), endpoint, context.clock(), connections);
  }

  private static ClientOverrideConfiguration overrides(HttpConfig http) {
    return ClientOverrideConfiguration.builder()
        .apiCallTimeout(http.timeout().plus(PREPARATION))
        // The runner decides when, and whether, to try again.
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        // A kept connection that its other end has just closed would leave a request in doubt.
        .putHeader("Connection", "close")
        .addExecutionInterceptor(new WholeAnswers())
        .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "tailrace")
        .compressionConfiguration(each -> each.requestCompressionEnabled(http.gzip()))
        .build();
  }

  private static AwsCredentials signing(CloudWatchConfig.Keys keys) {
    String id = keys.accessKey().reveal();
    String key = keys.secretKey().reveal();
    return keys.sessionToken()
        .<AwsCredentials>map(token -> AwsSessionCredentials.create(id, key, token.reveal()))
        .orElseGet(() -> AwsBasicCredentials.create(id, key));
  }

  /** Does one call; the answer is never an exception but for interruption and refused addresses. */
  Outcome attempt(Callable<? extends AwsResponse> call) throws IOException, InterruptedException {
    rules.requireAllowed(endpoint);
    AwsCredentialsIdentity signer;
    try {
      // Asked for before anything is sent: then there is no doubt about what failed.
      signer = credentials.resolveCredentials();
    } catch (SdkClientException e) {
      return new Outcome.Misconfigured("no credentials: " + Answers.brief(e.getMessage()));
    }
    try {
      SdkHttpResponse answer = call.call().sdkHttpResponse();
      // The protocol wants this header; a web server that answers 200 to everything has it not.
      return answer.firstMatchingHeader("smithy-protocol").isPresent()
          ? new Outcome.Done()
          : new Outcome.Misconfigured(
              endpoint + " answered HTTP " + answer.statusCode() + ", but not as CloudWatch does");
    } catch (AwsServiceException e) {
      if (isNewsOfTheTime(e)) {
        return new Outcome.Later(
            "the service's clock is " + skewSeconds + " s ahead; signing with it from now on",
            Optional.of(Duration.ZERO));
      }
      return Answers.outcome(e, secretsOf(signer), clock.instant());
    } catch (AbortedException e) {
      throw interrupted(e);
    } catch (SdkClientException e) {
      if (Thread.interrupted()) {
        throw interrupted(e);
      }
      return Answers.outcome(e, endpoint);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no call throws this", e);
    }
  }

  /**
   * Whether a signature was refused for its time: Amazon's client takes the service's time from
   * such an answer, so the next signature is right. Told once for each difference; what is refused
   * again is refused for another reason.
   */
  private boolean isNewsOfTheTime(AwsServiceException e) {
    OptionalLong ahead = Answers.secondsAhead(e, clock.instant());
    boolean isNews =
        ahead.isPresent() && Math.abs(ahead.getAsLong() - skewSeconds) > NOTABLE_SKEW_SECONDS;
    if (isNews) {
      skewSeconds = ahead.getAsLong();
    }
    return isNews;
  }

  /** A refused signature is answered with what was signed, session token and all. */
  private static Redaction secretsOf(AwsCredentialsIdentity signer) {
    Redaction redaction = new Redaction();
    redaction.hide(signer.accessKeyId());
    redaction.hide(signer.secretAccessKey());
    if (signer instanceof AwsSessionCredentialsIdentity session) {
      redaction.hide(session.sessionToken());
    }
    return redaction;
  }

  private static InterruptedException interrupted(Exception cause) {
    InterruptedException interrupted = new InterruptedException("told to end during a request");
    interrupted.initCause(cause);
    return interrupted;
  }

  CloudWatchClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    connections.close();
    if (credentials instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
