package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann:p%40ss%2Bword+@db.example:5433/chat?sslmode=require",
                "postgres://ann:p%40ss%2Bword+@db.example:5433/chat?sslmode=require",
                "jdbc:postgresql://db.example:5433/chat?sslmode=require&password=p%40ss%2Bword+&user=ann"
            })
    void everyFormIsUnderstood(String url) {
        assertThat(DatabaseUrl.parse(url))
                .isEqualTo(new DatabaseUrl("db.example:5433", "chat", "ann", "p@ss+word+", "sslmode=require"));
    }

    @Test
    void theDriverGetsItWithoutCredentials() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://ann:secret@[::1]:5433/chat?sslmode=require");

        assertThat(url.withDatabase("chat_auth").jdbc())
                .isEqualTo("jdbc:postgresql://[::1]:5433/chat_auth?sslmode=require");
        assertThat(url.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "chat", "mysql://a:secret@b/c", "postgresql:chat", "postgresql://a:secret b@c/d"})
    void anythingElseIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("DATABASE_URL")
                .hasMessageNotContaining("secret");
    }
}
