package io.tailrace.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Held against the signatures that Amazon has published. */
class SignatureV4Test {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final byte[] EMPTY = {};

  /** The request of the guide "Signature Version 4 signing process". */
  private static final Map<String, String> LIST_USERS =
      Map.of(
          "content-type", "application/x-www-form-urlencoded; charset=utf-8",
          "host", "iam.amazonaws.com",
          "x-amz-date", "20150830T123600Z");

  private static final String LIST_USERS_SIGNATURE =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request,"
          + " SignedHeaders=content-type;host;x-amz-date,"
          + " Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

  private static final Map<String, String> VANILLA =
      Map.of("host", "example.amazonaws.com", "x-amz-date", "20150830T123600Z");

  private static String vanilla(String signature) {
    return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
        + " SignedHeaders=host;x-amz-date, Signature="
        + signature;
  }

  @Test
  void agreesWithTheGuide() {
    assertThat(
            SignatureV4.read(LIST_USERS_SIGNATURE)
                .isRight(
                    SECRET, "GET", "/", "Action=ListUsers&Version=2010-05-08", LIST_USERS, EMPTY))
        .isTrue();
  }

  @Test
  void agreesWithTheTestSuite() {
    String get = vanilla("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assertThat(SignatureV4.read(get).isRight(SECRET, "GET", "/", "", VANILLA, EMPTY)).isTrue();
    String post = vanilla("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    assertThat(SignatureV4.read(post).isRight(SECRET, "POST", "/", "", VANILLA, EMPTY)).isTrue();
  }

  @Test
  void seesEveryChange() {
    SignatureV4 right = SignatureV4.read(LIST_USERS_SIGNATURE);
    String query = "Action=ListUsers&Version=2010-05-08";
    byte[] body = "x".getBytes(StandardCharsets.UTF_8);
    assertThat(right.isRight(SECRET + "x", "GET", "/", query, LIST_USERS, EMPTY)).isFalse();
    assertThat(right.isRight(SECRET, "PUT", "/", query, LIST_USERS, EMPTY)).isFalse();
    assertThat(right.isRight(SECRET, "GET", "/a", query, LIST_USERS, EMPTY)).isFalse();
    assertThat(right.isRight(SECRET, "GET", "/", "Action=ListUsers", LIST_USERS, EMPTY)).isFalse();
    assertThat(right.isRight(SECRET, "GET", "/", query, VANILLA, EMPTY)).isFalse();
    assertThat(right.isRight(SECRET, "GET", "/", query, LIST_USERS, body)).isFalse();
  }

  @Test
  void refusesWhatIsNoSignature() {
    assertThatThrownBy(() -> SignatureV4.read("Basic abc"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SignatureV4.read("AWS4-HMAC-SHA256 Credential=a/b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
