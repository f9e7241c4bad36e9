package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitRevisionTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder;

  @Test
  void prefersWhatTheCiSystemSays() throws IOException {
    write(".git/HEAD", "ref: refs/heads/local\n");

    assertThat(
            find(
                Map.of(
                    "GITHUB_SHA", COMMIT, "GITHUB_HEAD_REF", "", "GITHUB_REF_NAME", "feature/x")))
        .isEqualTo(new GitRevision(COMMIT, "feature/x"));
    assertThat(find(Map.of("GIT_COMMIT", COMMIT, "GIT_BRANCH", "origin/main")))
        .isEqualTo(new GitRevision(COMMIT, "main"));
  }

  @Test
  void readsALooseBranchFromAFolderBelow() throws IOException {
    write(".git/HEAD", "ref: refs/heads/feature/login\n");
    write(".git/refs/heads/feature/login", COMMIT + "\n");
    Path below = Files.createDirectories(folder.resolve("a/b"));

    assertThat(GitRevision.find(Map.of(), below))
        .isEqualTo(new GitRevision(COMMIT, "feature/login"));
  }

  @Test
  void readsAPackedBranch() throws IOException {
    write(".git/HEAD", "ref: refs/heads/main\n");
    write(
        ".git/packed-refs",
        "# pack-refs with: peeled fully-peeled sorted\n"
            + COMMIT.replace('0', 'f')
            + " refs/heads/old/refs/heads/main2\n"
            + COMMIT
            + " refs/heads/main\n");

    assertThat(find(Map.of())).isEqualTo(new GitRevision(COMMIT, "main"));
  }

  @Test
  void readsADetachedHead() throws IOException {
    write(".git/HEAD", COMMIT + "\n");

    assertThat(find(Map.of())).isEqualTo(new GitRevision(COMMIT, null));
  }

  @Test
  void followsAWorktreeToItsRepository() throws IOException {
    write("main/.git/worktrees/fix/HEAD", "ref: refs/heads/fix\n");
    write("main/.git/worktrees/fix/commondir", "../..\n");
    write("main/.git/refs/heads/fix", COMMIT + "\n");
    write("fix/.git", "gitdir: " + folder.resolve("main/.git/worktrees/fix") + "\n");

    assertThat(GitRevision.find(Map.of(), folder.resolve("fix")))
        .isEqualTo(new GitRevision(COMMIT, "fix"));
  }

  @Test
  void knowsNothingWhereThereIsNothingToKnow() throws IOException {
    write(".git/HEAD", "ref: refs/heads/unborn\n");
    assertThat(find(Map.of())).isEqualTo(new GitRevision(null, "unborn"));

    write("broken/.git", "nonsense");
    assertThat(GitRevision.find(Map.of(), folder.resolve("broken")))
        .isEqualTo(new GitRevision(null, null));
  }

  private GitRevision find(Map<String, String> environment) {
    return GitRevision.find(environment, folder);
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
