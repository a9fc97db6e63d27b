package dev.natter.platform.http;

/**
 * The one exception that is meant for clients: it carries the {@link Problem} they are to see. It has no stack trace
 * and is never logged.
 */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /**
     * Refuses.
     *
     * @param problem what the client is told
     */
    public Refused(Problem problem) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    /**
     * What the client is told.
     *
     * @return the problem
     */
    public Problem problem() {
        return problem;
    }
}
