package dev.natter.platform.http;

import dev.natter.platform.db.Failure;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.EOFException;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;

/** What a client is told of an exception, and what the log is. */
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());
    private static final int MAX_CAUSES = 12;

    private Failures() {}

    /**
     * The problem that an exception stands for. What nobody expected is logged here, once, and the client learns
     * nothing but the request id.
     *
     * @param failure the exception
     * @return the problem
     */
    static Problem problem(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof Refused refused) {
                return refused.problem();
            }
        }
        if (Failure.of(failure) != Failure.BUG) {
            LOG.log(Level.WARNING, "Database out of reach: {0}", failure.toString());
            return Failure.unavailable();
        }
        if (failure instanceof RequestException request && request.status().code() < 500) {
            return ofStatus(request.status().code());
        }
        if (failure instanceof RequestException request && request.status().equals(Status.SERVICE_UNAVAILABLE_503)) {
            return Problem.unavailable("The service has too much to do now.");
        }
        if (failure instanceof HttpException http && http.status().code() < 500) {
            return ofStatus(http.status().code());
        }
        if (!isDisconnect(failure)) {
            LOG.log(Level.ERROR, "Unexpected failure", failure);
        }
        return Problem.of(500, "internal", "Something went wrong on our side; the request id helps us find it.");
    }

    /** The problem of a status that the server itself answers with. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> Problem.of(401, "unauthenticated", "This needs a valid access token.");
            case 403 -> Problem.of(403, "forbidden", "This is not allowed.");
            case 404 -> Problem.notFound("resource");
            case 405 -> Problem.of(405, "method_not_allowed", "This resource doesn't have that method.");
            case 413 -> Problem.of(413, "payload_too_large", "The request is too large.");
            case 414 -> Problem.of(414, "malformed", "The request line is too long.");
            case 415 -> Problem.of(415, "unsupported_media_type", "This media type isn't understood here.");
            case 429 ->
                new Problem(
                        429,
                        "rate_limited",
                        "Too many requests; wait a little.",
                        true,
                        Duration.ofSeconds(1),
                        List.of());
            default -> Problem.of(status, "malformed", "The request can't be understood.");
        };
    }

    /**
     * Whether an exception only says that the client has gone, so that there is nobody to answer and nothing to mend.
     *
     * @param failure the exception
     * @return whether it does
     */
    static boolean isDisconnect(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof CloseConnectionException
                    || cause instanceof DataReader.InsufficientDataAvailableException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether writing an answer failed because of the connection it was written to.
     *
     * @param failure the exception
     * @param response the answer
     * @return whether it did
     */
    static boolean isBrokenAnswer(Throwable failure, ServerResponse response) {
        if (!response.isSent() && response.bytesWritten() == 0) {
            return false;
        }
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof SocketException || cause instanceof EOFException) {
                return true;
            }
        }
        return false;
    }
}
