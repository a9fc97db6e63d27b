package dev.natter.platform.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

/** A step as OpenTelemetry records it. If its trace is not among those sampled, all of it goes through the motions. */
final class Recorded extends Span {
    private final io.opentelemetry.api.trace.Tracer tracer;
    private final io.opentelemetry.api.trace.Span span;

    private Recorded(io.opentelemetry.api.trace.Tracer tracer, io.opentelemetry.api.trace.Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    static Recorded begin(io.opentelemetry.api.trace.Tracer tracer, Context parent, Kind kind, String name) {
        return new Recorded(
                tracer,
                tracer.spanBuilder(name)
                        .setParent(parent)
                        .setSpanKind(SpanKind.valueOf(kind.name()))
                        .startSpan());
    }

    @Override
    public String traceparent() {
        SpanContext context = span.getSpanContext();
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    @Override
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    @Override
    public Span child(Kind kind, String name) {
        return begin(tracer, Context.root().with(span), kind, name);
    }

    @Override
    public Span tag(String key, String value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span tag(String key, long value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public void failed(String why) {
        span.setStatus(StatusCode.ERROR, why);
    }

    @Override
    public void end() {
        span.end();
    }
}
