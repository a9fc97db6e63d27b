package dev.natter.platform.trace;

import io.helidon.config.Config;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Records steps and sends them to a collector, as OpenTelemetry's settings say. */
final class Recording implements Tracer {
    /** Longest that a stop waits for what has not been sent yet. */
    private static final int LAST_SECONDS = 2;

    /** What holds where the settings say nothing; the services have metrics and logs of their own. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.traces.exporter", "otlp",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.traces.sampler", "parentbased_traceidratio");

    private static final TextMapGetter<String> TRACEPARENT = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of("traceparent");
        }

        @Override
        public String get(String traceparent, String key) {
            return key.equals("traceparent") ? traceparent : null;
        }
    };

    private final OpenTelemetrySdk sdk;
    private final io.opentelemetry.api.trace.Tracer tracer;

    private Recording(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = sdk.getTracer("dev.natter");
    }

    static Recording from(Config config, String service) {
        Map<String, String> settings = new HashMap<>(DEFAULTS);
        settings.put("otel.service.name", service);
        config.get("otel")
                .traverse()
                .filter(Config::isLeaf)
                .forEach(leaf ->
                        settings.put(leaf.key().toString(), leaf.asString().orElse("")));
        return new Recording(AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> settings)
                .build()
                .getOpenTelemetrySdk());
    }

    @Override
    public Span begin(Span.Kind kind, String name, String parent) {
        Context context = parent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), parent, TRACEPARENT);
        return Recorded.begin(tracer, context, kind, name);
    }

    @Override
    public void close() {
        sdk.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
    }
}
