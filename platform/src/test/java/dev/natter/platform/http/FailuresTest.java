package dev.natter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.dbclient.DbClientException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
    @ParameterizedTest
    @ValueSource(strings = {"08000", "08001", "08003", "08006", "57P01", "57P02", "57P03", "53300", "57014"})
    void aDatabaseOutOfReachIsUnavailable(String state) {
        Problem problem = Failures.problem(
                new DbClientException("x", new IllegalStateException(new SQLException("secret", state))));

        assertThat(problem.status()).isEqualTo(503);
        assertThat(problem.retryable()).isTrue();
        assertThat(problem.code()).isEqualTo("unavailable");
    }

    @Test
    void aPoolThatIsExhaustedIsUnavailable() {
        assertThat(Failures.problem(new SQLTransientConnectionException("timeout"))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void aRefusalKeepsItsProblemHoweverItIsWrapped() {
        Problem problem = Problem.notFound("chat");

        assertThat(Failures.problem(new RuntimeException(problem.refuse()))).isSameAs(problem);
    }

    @Test
    void anyOtherFailureIsOursAndTellsNothing() {
        Problem problem = Failures.problem(new SQLException("secret", "23505"));

        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.code()).isEqualTo("internal");
        assertThat(problem.detail()).doesNotContain("secret");
    }

    @Test
    void aCircleOfCausesEnds() {
        RuntimeException one = new RuntimeException();
        one.initCause(new RuntimeException(one));

        assertThat(Failures.problem(one).status()).isEqualTo(500);
    }
}
