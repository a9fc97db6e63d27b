package dev.natter.auth;

import dev.natter.contracts.Subjects;
import dev.natter.contracts.User;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Idempotency;
import dev.natter.platform.http.Idempotency.Answer;
import dev.natter.platform.http.Json;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.SharedSecret;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes users: the row, the event that tells of them and the answer to repetitions exist together or not at all. */
final class Registrations {
    private static final int CREATED = 201;

    private final Outbox outbox;
    private final Users users;
    private final Passwords passwords;
    private final SecretKeySpec digests;
    private final Clock clock;

    /** What is kept for repetitions: no token and no password, only who it was. */
    private record Registered(UUID id) {}

    /**
     * What came of a registration.
     *
     * @param account the user
     * @param replayed whether an earlier request with the same Idempotency-Key had made them
     */
    record Outcome(Users.Account account, boolean replayed) {}

    Registrations(Outbox outbox, Users users, Passwords passwords, SharedSecret secret, Clock clock) {
        this.outbox = outbox;
        this.users = users;
        this.passwords = passwords;
        this.digests = new SecretKeySpec(secret.derive("registration-digests"), "HmacSHA256");
        this.clock = clock;
    }

    Outcome register(ServerRequest request, Registration wanted) {
        boolean first = !request.headers().contains(Idempotency.KEY);
        if (first) {
            users.demandFree(wanted);
        }
        // Nobody is signed in yet, so keys are told apart by the name that is wanted. The digest of the body needs a
        // key
        // of its own, since a plain one could be used to guess the password in it.
        byte[] name = ("register " + Names.key(wanted.username())).getBytes(StandardCharsets.UTF_8);
        var attempt = Idempotency.of(request, UUID.nameUUIDFromBytes(name), digest(wanted));
        String password = passwords.hash(wanted.password());
        Answer answer = outbox.commit(transaction -> {
            var earlier = attempt.replay(transaction.connection());
            if (earlier.isPresent()) {
                return earlier.get();
            }
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            var user = new User(Uuid7.next(), wanted.username(), wanted.displayName(), null, null, now);
            users.insert(transaction.connection(), user, wanted, password);
            transaction.emit(registered(user));
            return attempt.store(
                    transaction.connection(), new Answer(CREATED, Json.bytes(new Registered(user.id())), null));
        });
        UUID id = Json.parse(answer.body(), Registered.class).id();
        Users.Account account =
                users.find(id).orElseThrow(() -> Problems.goneUser().refuse());
        // Whoever changed the password since then hasn't agreed to the old one opening a session.
        if (answer.replayed() && !passwords.matches(wanted.password(), account.password())) {
            throw Problems.usernameTaken().refuse();
        }
        return new Outcome(account, answer.replayed());
    }

    private static Outgoing registered(User user) {
        String id = user.id() + ".1";
        var event = new UserEvent.Registered(1, id, user.createdAt(), user);
        return new Outgoing(Subjects.of(user.id(), event), id, 1, Json.bytes(event));
    }

    private byte[] digest(Registration wanted) {
        try {
            Mac mac = Mac.getInstance(digests.getAlgorithm());
            mac.init(digests);
            return mac.doFinal(Json.bytes(wanted));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no HmacSHA256", impossible);
        }
    }
}
