package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.http.Refused;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    @Test
    void itComesBackToTheMicrosecond() {
        var cursor = new Cursor(OffsetDateTime.parse("2026-07-01T12:34:56.123456Z"), UUID.randomUUID());

        assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "MTc2", "%%%", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\u0000", "привет"})
    void whatWasNotGivenOutIsRefused(String text) {
        assertThatThrownBy(() -> Cursor.parse(text)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
    void aTimeThatNoChatCanHaveIsRefused(long micros) {
        byte[] bytes = ByteBuffer.allocate(24).putLong(micros).array();

        assertThatThrownBy(() -> Cursor.parse(Base64.getUrlEncoder().encodeToString(bytes)))
                .isInstanceOf(Refused.class);
    }
}
