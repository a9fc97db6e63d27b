package dev.natter.platform.bus;

import dev.natter.platform.http.RequestId;
import dev.natter.platform.trace.Span;

/**
 * What caused an event: it travels with the event, so that logs and traces can be followed through all services.
 *
 * @param requestId the request, or null
 * @param traceparent the step of its trace, or null if it isn't traced
 */
public record Cause(String requestId, String traceparent) {
    /** Nobody knows. */
    public static final Cause UNKNOWN = new Cause(null, null);

    /**
     * What this thread is doing.
     *
     * @return the cause of all that follows from it
     */
    public static Cause current() {
        return new Cause(RequestId.current(), Span.current().traceparent());
    }

    /** The same request, at a later step of its trace. */
    Cause at(Span step) {
        return step.traceparent() == null ? this : new Cause(requestId, step.traceparent());
    }

    /**
     * Reads {@link #text}.
     *
     * @param text the text, or null
     * @return the cause
     */
    public static Cause parse(String text) {
        int space = text == null ? -1 : text.indexOf(' ');
        return space < 0
                ? new Cause(text, null)
                : new Cause(space == 0 ? null : text.substring(0, space), text.substring(space + 1));
    }

    /**
     * All of it in one line: the request, which holds no space, and after a space the trace.
     *
     * @return the text; null if there is nothing to say
     */
    public String text() {
        return traceparent == null ? requestId : (requestId == null ? "" : requestId) + " " + traceparent;
    }
}
