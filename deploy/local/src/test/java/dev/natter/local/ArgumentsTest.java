package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static final Path ROOT = Path.of("/repository");

    @Test
    void nothingSaidMeansPort8000OnThisMachineWithDataInTheRepository() {
        Arguments arguments = parse(Map.of());

        assertThat(arguments.options())
                .isEqualTo(new Options(Path.of("/repository/data"), "127.0.0.1", 8000, 8001, false, Map.of()));
        assertThat(arguments.verbose()).isFalse();
    }

    @Test
    void variablesSayWhatArgumentsDoNot() {
        Options options = parse(Map.of("NATTER_PORT", "9000", "NATTER_HOME", "/kept", "NATTER_HOST", "0.0.0.0"))
                .options();

        assertThat(options.port()).isEqualTo(9000);
        assertThat(options.home()).isEqualTo(Path.of("/kept"));
        assertThat(options.host()).isEqualTo("0.0.0.0");
    }

    @Test
    void argumentsWinOverVariables() {
        Arguments arguments = parse(
                Map.of("NATTER_PORT", "9000", "NATTER_HOME", "/kept"),
                "--separate",
                "--port",
                "9100",
                "--home=/other",
                "--verbose");

        assertThat(arguments.options().port()).isEqualTo(9100);
        assertThat(arguments.options().home()).isEqualTo(Path.of("/other"));
        assertThat(arguments.options().separate()).isTrue();
        assertThat(arguments.verbose()).isTrue();
    }

    @Test
    void portZeroLetsTheSystemChooseEveryPort() {
        assertThat(parse(Map.of(), "--port", "0").options().internalPort()).isZero();
    }

    @Test
    void theInternalPortMayBeSaid() {
        assertThat(parse(Map.of("NATTER_INTERNAL_PORT", "9300"), "--port", "0")
                        .options()
                        .internalPort())
                .isEqualTo(9300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--sperate", "up", "--port", "--port=", "--port=http", "--port=-1", "--port=65536"})
    void whatMakesNoSenseIsSaidBack(String argument) {
        assertThatThrownBy(() -> parse(Map.of(), argument)).isInstanceOf(Arguments.Misunderstood.class);
    }

    private static Arguments parse(Map<String, String> environment, String... arguments) {
        return Arguments.parse(List.of(arguments), environment, ROOT);
    }
}
