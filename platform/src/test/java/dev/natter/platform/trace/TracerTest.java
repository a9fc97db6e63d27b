package dev.natter.platform.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.bus.Cause;
import dev.natter.platform.http.RequestId;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracerTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    /** Whether an id is random doesn't matter (W3C Trace Context, level 2). */
    private static final String SAMPLED = "-0[13]$";

    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    @Test
    void withoutAnEndpointNothingIsTraced() {
        try (Tracer tracer = Tracer.from(Config.empty(), "test")) {
            Span span = tracer.begin(Span.Kind.SERVER, "request", PARENT);

            assertThat(span.traceparent()).isNull();
            assertThat(span.<String, RuntimeException>during(
                            () -> Span.current().traceId()))
                    .isNull();
        }
    }

    @Test
    void aStepGoesOnWithTheTraceThatItCameWith() {
        try (Tracer tracer = tracer(Map.of())) {
            Span request = tracer.begin(Span.Kind.SERVER, "request", PARENT);
            Span question = request.child(Span.Kind.CLIENT, "question");

            assertThat(request.traceId()).isEqualTo(TRACE);
            assertThat(question.traceparent())
                    .matches("00-" + TRACE + "-[0-9a-f]{16}-01")
                    .isNotEqualTo(request.traceparent());
        }
    }

    @Test
    void whatMakesNoSenseBeginsANewTrace() {
        try (Tracer tracer = tracer(Map.of())) {
            assertThat(tracer.begin(Span.Kind.SERVER, "request", "00-nonsense").traceparent())
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}" + SAMPLED);
        }
    }

    @Test
    void aConsumerBeginsNoTrace() {
        try (Tracer tracer = tracer(Map.of())) {
            assertThat(tracer.follow(Span.Kind.CONSUMER, "apply", null).traceparent())
                    .isNull();
        }
    }

    @Test
    void whatIsNotSampledIsSampledNowhere() {
        try (Tracer tracer = tracer(Map.of("otel.traces.sampler.arg", "0.0"))) {
            String out = tracer.begin(Span.Kind.SERVER, "request", null).traceparent();
            assertThat(out).doesNotContainPattern(SAMPLED);
            assertThat(tracer.begin(Span.Kind.SERVER, "neighbour", out).traceparent())
                    .doesNotContainPattern(SAMPLED);
            assertThat(tracer.begin(Span.Kind.SERVER, "neighbour", PARENT).traceparent())
                    .containsPattern(SAMPLED);
        }
    }

    @Test
    void anEventsCauseSurvivesItsRow() {
        try (Tracer tracer = tracer(Map.of())) {
            Span request = tracer.begin(Span.Kind.SERVER, "request", PARENT);

            Cause cause = RequestId.during("r-1", () -> request.during(Cause::current));

            assertThat(cause).isEqualTo(new Cause("r-1", request.traceparent()));
            assertThat(Cause.parse(cause.text())).isEqualTo(cause);
            assertThat(Cause.parse(null)).isEqualTo(Cause.UNKNOWN);
            assertThat(Cause.parse("r-1")).isEqualTo(new Cause("r-1", null));
            assertThat(Cause.parse(new Cause(null, PARENT).text())).isEqualTo(new Cause(null, PARENT));
        }
    }

    /** To nobody: what can't be sent is dropped. */
    private static Tracer tracer(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("otel.exporter.otlp.endpoint", "http://127.0.0.1:9");
        return Tracer.from(Config.just(ConfigSources.create(settings)), "test");
    }
}
