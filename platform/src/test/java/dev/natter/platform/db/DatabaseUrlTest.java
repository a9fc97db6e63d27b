package dev.natter.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {
    @ParameterizedTest
    @CsvSource({
        "postgresql://u:p@host:5433/db?sslmode=require, jdbc:postgresql://host:5433/db?sslmode=require, u, p",
        "postgres://u:p@host/db, jdbc:postgresql://host/db, u, p",
        "postgresql+asyncpg://u:p@host/db, jdbc:postgresql://host/db, u, p",
        "jdbc:postgresql://host:1/db, jdbc:postgresql://host:1/db, ,",
        "postgresql://u:p%40ss+w%3Ard@h1:1\\;h2:2/db, jdbc:postgresql://h1:1;h2:2/db, u, p@ss+w:rd",
        "postgresql://u@/db, jdbc:postgresql://localhost/db, u,",
        "postgresql://u:p@[::1]:5432/db, jdbc:postgresql://[::1]:5432/db, u, p",
        "jdbc:postgresql://host/db?user=u&a=b&password=p%40, jdbc:postgresql://host/db?a=b, u, p@"
    })
    void everyFormIsUnderstood(String url, String jdbc, String user, String password) {
        DatabaseUrl parsed = DatabaseUrl.parse(url.replace("\\;", ";"));
        assertThat(parsed.jdbc()).isEqualTo(jdbc);
        assertThat(parsed.user()).isEqualTo(user);
        assertThat(parsed.password()).isEqualTo(password);
    }

    @Test
    void anotherDatabaseOfTheServerIsReachedTheSameWay() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@[::1]:5433/natter?sslmode=require");

        assertThat(url.database()).isEqualTo("natter");
        assertThat(url.with("natter_auth"))
                .isEqualTo(new DatabaseUrl("jdbc:postgresql://[::1]:5433/natter_auth?sslmode=require", "u", "p"));
        assertThat(DatabaseUrl.parse("postgresql://u:p@host").with("a b").database())
                .isEqualTo("a b");
    }

    @Test
    void thePasswordIsNeverShown() {
        assertThat(DatabaseUrl.parse("postgresql://u:hidden@host/db").toString())
                .doesNotContain("hidden")
                .contains("host/db");
        assertThatThrownBy(() -> DatabaseUrl.parse("mysql://u:hidden@host/db"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("hidden");
    }
}
