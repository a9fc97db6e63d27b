package dev.natter.auth;

import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Problem.FieldError;
import java.util.List;

/** The ways in which auth-service says no, beside those that every service has. */
final class Problems {
    private Problems() {}

    static Problem usernameTaken() {
        return Problem.of(409, "username_taken", "This username is taken.");
    }

    static Problem emailTaken() {
        return Problem.of(409, "email_taken", "Somebody registered with this e-mail address.");
    }

    static Problem wrongCredentials() {
        return Problem.of(401, "unauthenticated", "The name or the password is wrong.");
    }

    static Problem spentToken() {
        return Problem.of(401, "unauthenticated", "This refresh token is not valid any more; sign in again.");
    }

    static Problem endedSession() {
        return Problem.of(401, "unauthenticated", "The session of this access token has ended; sign in again.");
    }

    static Problem goneUser() {
        return Problem.of(401, "unauthenticated", "The user of this access token is gone.");
    }

    static Problem invalid(String field, String code, String message) {
        return Problem.invalid(List.of(new FieldError(field, code, message)));
    }
}
