package dev.natter.platform.trace;

/** One step of a trace, from its making to {@link #end}. Thread-safe. */
public abstract sealed class Span permits Untraced, Recorded {
    /** Which part the step has in a conversation, as OpenTelemetry names it. */
    public enum Kind {
        /** Answers a request. */
        SERVER,
        /** Asks another service. */
        CLIENT,
        /** Sends an event. */
        PRODUCER,
        /** Takes an event. */
        CONSUMER,
        /** Happens inside of a service. */
        INTERNAL
    }

    private static final ScopedValue<Span> CURRENT = ScopedValue.newInstance();

    /**
     * The step that this thread is at.
     *
     * @return the step; one that does nothing if nothing is traced
     */
    public static Span current() {
        return CURRENT.orElse(Untraced.SPAN);
    }

    /**
     * The step that does nothing.
     *
     * @return the step
     */
    public static Span none() {
        return Untraced.SPAN;
    }

    /**
     * Does some work as a step of the current one.
     *
     * @param name what it is
     * @param work the work
     * @return what the work returned
     */
    public static <T, X extends Throwable> T step(String name, ScopedValue.CallableOp<T, X> work) throws X {
        Span span = current().child(Kind.INTERNAL, name);
        try {
            return span.during(work);
        } catch (Throwable failure) {
            span.failed(failure.toString());
            throw failure;
        } finally {
            span.end();
        }
    }

    /**
     * How this step is named to whoever goes on with the trace elsewhere (W3C Trace Context, section 3.2).
     *
     * @return the value of {@code traceparent}, or null if nothing is traced
     */
    public abstract String traceparent();

    /**
     * The trace's id.
     *
     * @return 32 hexadecimal digits, or null if nothing is traced
     */
    public abstract String traceId();

    /**
     * Begins a step of this one.
     *
     * @param kind its part
     * @param name what it is
     * @return the step; to be ended
     */
    public abstract Span child(Kind kind, String name);

    /**
     * Says more of it.
     *
     * @param key what
     * @param value the value; null says nothing
     * @return this
     */
    public abstract Span tag(String key, String value);

    /**
     * Says more of it.
     *
     * @param key what
     * @param value the value
     * @return this
     */
    public abstract Span tag(String key, long value);

    /**
     * Marks it as failed.
     *
     * @param why what went wrong
     */
    public abstract void failed(String why);

    /** It is over. */
    public abstract void end();

    /**
     * Does some work with this as the current step; does not end it.
     *
     * @param work the work
     * @return what the work returned
     */
    public <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }
}
