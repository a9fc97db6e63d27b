package dev.natter.platform.trace;

import io.helidon.config.Config;

/** Begins a service's part in traces. Thread-safe. */
public sealed interface Tracer extends AutoCloseable permits Off, Recording {
    /**
     * Reads the keys {@code otel.*}, which are OpenTelemetry's own settings.
     *
     * @param config a service's settings
     * @param service what the service is called in traces, as in {@code message-service}
     * @return the tracer; one that does nothing unless {@code otel.exporter.otlp.endpoint} says where traces go
     */
    static Tracer from(Config config, String service) {
        boolean wanted = config.get("otel.exporter.otlp.endpoint")
                .asString()
                .filter(url -> !url.isBlank())
                .isPresent();
        return wanted && !config.get("otel.sdk.disabled").asBoolean().orElse(false)
                ? Recording.from(config, service)
                : off();
    }

    /**
     * The tracer that does nothing.
     *
     * @return the tracer
     */
    static Tracer off() {
        return Off.TRACER;
    }

    /**
     * Begins a step that comes from outside.
     *
     * @param kind its part
     * @param name what it is
     * @param parent the {@code traceparent} that came with it; null, or one that makes no sense, begins a new trace
     * @return the step; to be ended
     */
    Span begin(Span.Kind kind, String name, String parent);

    /**
     * Begins a step of a trace that began elsewhere.
     *
     * @param kind its part
     * @param name what it is
     * @param parent the {@code traceparent} that came with it; null if there is none
     * @return the step, to be ended; one that does nothing if there is no trace
     */
    default Span follow(Span.Kind kind, String name, String parent) {
        return parent == null ? Untraced.SPAN : begin(kind, name, parent);
    }

    /** Sends what has been recorded, and ends. */
    @Override
    void close();
}
