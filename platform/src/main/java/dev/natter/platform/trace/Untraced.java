package dev.natter.platform.trace;

/** What stands for every step while nothing is traced. */
final class Untraced extends Span {
    static final Untraced SPAN = new Untraced();

    private Untraced() {}

    @Override
    public String traceparent() {
        return null;
    }

    @Override
    public String traceId() {
        return null;
    }

    @Override
    public Span child(Kind kind, String name) {
        return this;
    }

    @Override
    public Span tag(String key, String value) {
        return this;
    }

    @Override
    public Span tag(String key, long value) {
        return this;
    }

    @Override
    public void failed(String why) {
        // Nobody is told.
    }

    @Override
    public void end() {
        // Nothing began.
    }

    @Override
    public <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> work) throws X {
        return work.call();
    }
}
