package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds files that are made of others against those. To write them instead, those first of which others are made:
 * {@code -Dfiles.write=true}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MadeFilesTest {
    private static final boolean WRITE = Boolean.getBoolean("files.write");
    private static final String ADVICE = "%s: write it anew as routes.yaml says";

    @Order(1)
    @ParameterizedTest
    @EnumSource
    void eachFileIsWhatIsMadeOfItsSource(Output output) {
        String made = output.made();
        if (WRITE) {
            Tree.write(output.file(), made);
        }

        assertThat(Tree.text(output.file())).as(ADVICE, output.file()).isEqualTo(made);
    }

    /** Where there is no kubectl, the file still says of which files it was made. */
    @Order(2)
    @ParameterizedTest
    @MethodSource("kustomizations")
    void eachInstallationIsKeptAsKubectlRendersIt(Kustomization kustomization) throws IOException {
        Optional<String> made = kustomization.rendered();
        if (WRITE) {
            Tree.write(kustomization.file(), kustomization.heading() + made.orElseThrow());
        }
        String kept = Tree.text(kustomization.file());

        assertThat(kept.lines().findFirst())
                .as(ADVICE, kustomization.file())
                .hasValue(kustomization.heading().strip());
        // Not as text: versions of kubectl break lines differently.
        made.ifPresent(text -> assertThat(Tree.documents(kept))
                .as(ADVICE, kustomization.file())
                .isEqualTo(Tree.documents(text)));
    }

    static List<Kustomization> kustomizations() throws IOException {
        return Kustomization.all();
    }
}
