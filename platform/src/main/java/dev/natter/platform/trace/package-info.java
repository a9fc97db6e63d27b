/**
 * Traces: which steps in which services one request or event caused, and how long each took, told to an OpenTelemetry
 * collector.
 *
 * <p>Idea: a {@link dev.natter.platform.trace.Span} is bound to the scope of the work that it is about, as the request
 * id is, and what leaves that scope takes its {@code traceparent} along (W3C Trace Context): a question to another
 * service as a header, an event in its row and in a header of its message.
 *
 * <p>Off unless the standard variable {@code OTEL_EXPORTER_OTLP_ENDPOINT} says where to: then no class of
 * OpenTelemetry's is loaded, and every step is the same one that does nothing. Consumers only go on with traces that
 * somebody else began.
 *
 * <p>Threads: a span may be ended by another thread than began it; spans are sent by a thread of the library's own,
 * which drops them rather than wait.
 */
package dev.natter.platform.trace;
