package io.tailrace.publisher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The commit and branch of a test's sources, as the CI system or the working copy tells them. */
record GitRevision(@Nullable String commit, @Nullable String branch) {

  private static final GitRevision UNKNOWN = new GitRevision(null, null);
  private static final String REF = "ref:";
  private static final String HEADS = "refs/heads/";
  private static final int LINKS = 5;

  /** Commit variables, each with the branch variables of the same CI system, the best first. */
  private record CiSystem(String commit, List<String> branches) {}

  private static final List<CiSystem> CI_SYSTEMS =
      List.of(
          new CiSystem("GITHUB_SHA", List.of("GITHUB_HEAD_REF", "GITHUB_REF_NAME")),
          new CiSystem("CI_COMMIT_SHA", List.of("CI_COMMIT_REF_NAME")),
          new CiSystem("GIT_COMMIT", List.of("CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH")),
          new CiSystem("BUILDKITE_COMMIT", List.of("BUILDKITE_BRANCH")),
          new CiSystem("CIRCLE_SHA1", List.of("CIRCLE_BRANCH")),
          new CiSystem(
              "BUILD_SOURCEVERSION",
              List.of("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH")),
          new CiSystem("BITBUCKET_COMMIT", List.of("BITBUCKET_BRANCH")),
          new CiSystem("TRAVIS_COMMIT", List.of("TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH")),
          new CiSystem("DRONE_COMMIT_SHA", List.of("DRONE_BRANCH")));

  /** Never fails: what cannot be found out is null. */
  static GitRevision find(Map<String, String> environment, Path folder) {
    GitRevision ci = fromEnvironment(environment);
    return ci.commit != null ? ci : fromWorkingCopy(folder);
  }

  private static GitRevision fromEnvironment(Map<String, String> environment) {
    for (CiSystem system : CI_SYSTEMS) {
      String commit = environment.get(system.commit);
      if (commit != null && !commit.isBlank()) {
        Optional<String> branch =
            system.branches.stream()
                .map(environment::get)
                .filter(name -> name != null && !name.isBlank())
                .findFirst();
        return new GitRevision(commit.strip(), branch.map(GitRevision::shortName).orElse(null));
      }
    }
    return UNKNOWN;
  }

  private static GitRevision fromWorkingCopy(Path folder) {
    try {
      for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
        Path git = at.resolve(".git");
        if (Files.exists(git)) {
          return read(Files.isDirectory(git) ? git : linked(git));
        }
      }
    } catch (IOException | RuntimeException e) {
      return UNKNOWN;
    }
    return UNKNOWN;
  }

  /** Worktrees and submodules have a file that says where the repository is. */
  private static Path linked(Path file) throws IOException {
    String line = Files.readString(file).strip();
    return file.resolveSibling(line.substring("gitdir:".length()).strip()).normalize();
  }

  private static GitRevision read(Path git) throws IOException {
    String head = Files.readString(git.resolve("HEAD")).strip();
    if (!head.startsWith(REF)) {
      return new GitRevision(head, null);
    }
    String ref = head.substring(REF.length()).strip();
    return new GitRevision(resolve(git, ref), shortName(ref));
  }

  private static @Nullable String resolve(Path git, String first) throws IOException {
    Path shared = git.resolve("commondir");
    Path common = Files.exists(shared) ? git.resolve(Files.readString(shared).strip()) : git;
    String ref = first;
    for (int link = 0; link < LINKS; link++) {
      String value = value(git, common, ref);
      if (value == null || !value.startsWith(REF)) {
        return value;
      }
      ref = value.substring(REF.length()).strip();
    }
    return null;
  }

  private static @Nullable String value(Path git, Path common, String ref) throws IOException {
    for (Path folder : List.of(git, common)) {
      Path loose = folder.resolve(ref);
      if (Files.isRegularFile(loose)) {
        return Files.readString(loose).strip();
      }
    }
    Path packed = common.resolve("packed-refs");
    if (!Files.exists(packed)) {
      return null;
    }
    try (Stream<String> lines = Files.lines(packed)) {
      return lines
          .filter(line -> line.endsWith(" " + ref))
          .map(line -> line.substring(0, line.indexOf(' ')))
          .findFirst()
          .orElse(null);
    }
  }

  private static String shortName(String ref) {
    String name = ref.strip();
    if (name.startsWith(HEADS)) {
      return name.substring(HEADS.length());
    }
    return name.startsWith("origin/") ? name.substring("origin/".length()) : name;
  }
}
