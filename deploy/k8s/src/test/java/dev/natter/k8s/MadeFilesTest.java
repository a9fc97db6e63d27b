package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds files that are made of others against those. To write them instead: {@code -Dfiles.write=true}. */
class MadeFilesTest {
    private static final boolean WRITE = Boolean.getBoolean("files.write");

    @ParameterizedTest
    @EnumSource
    void eachFileIsWhatIsMadeOfItsSource(Output output) {
        String made = output.made();
        if (WRITE) {
            Tree.write(output.file(), made);
        }

        assertThat(Tree.text(output.file()))
                .as("%s: write it anew as routes.yaml says", output.file())
                .isEqualTo(made);
    }
}
