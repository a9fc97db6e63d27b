package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class TypistsTest {
    private final Typists typists = new Typists(5);
    private final UUID somebody = UUID.randomUUID();

    @Test
    void whoSaysNothingMoreHasStopped() {
        assertThat(typists.told(somebody, true, 100)).isTrue();
        assertThat(typists.silent(104)).isEmpty();
        assertThat(typists.silent(105)).containsExactly(somebody);
        assertThat(typists.silent(106)).isEmpty();
    }

    @Test
    void whoSaysItAgainGoesOn() {
        typists.told(somebody, true, 100);
        typists.told(somebody, true, 103);

        assertThat(typists.silent(107)).isEmpty();
        assertThat(typists.silent(108)).containsExactly(somebody);
    }

    @Test
    void onlyWhoTypesCanStop() {
        assertThat(typists.told(somebody, false, 100)).isFalse();
        typists.told(somebody, true, 101);

        assertThat(typists.told(somebody, false, 102)).isTrue();
        assertThat(typists.silent(200)).isEmpty();
    }
}
