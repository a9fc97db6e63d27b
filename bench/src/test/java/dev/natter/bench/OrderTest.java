package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {
    private static final Path ROOT = Path.of("/natter");

    @Test
    void everythingThreeTimesByDefault() {
        Order order = Order.parse(List.of(), ROOT);

        assertThat(order.scenarios()).isEmpty();
        assertThat(order.runs()).isEqualTo(3);
        assertThat(order.url()).isNull();
        assertThat(order.folder()).startsWithRaw(ROOT);
    }

    @Test
    void optionsMayStandAnywhereInEitherForm() {
        Order order = Order.parse(
                List.of("sends", "--runs=1", "--seconds", "5", "history", "--url=http://localhost:8000"), ROOT);

        assertThat(order.scenarios()).containsExactly("sends", "history");
        assertThat(order.runs()).isEqualTo(1);
        assertThat(order.length()).isEqualTo(Duration.ofSeconds(5));
        assertThat(order.url()).isEqualTo(URI.create("http://localhost:8000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--runs", "--runs=0", "--seconds=fast", "--quickly"})
    void whatMakesNoSenseIsSaid(String argument) {
        assertThatThrownBy(() -> Order.parse(List.of(argument), ROOT))
                .isInstanceOf(Order.Misunderstood.class)
                .hasMessageContaining(argument.replaceFirst(".*=", ""));
    }
}
