package dev.natter.auth;

import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.platform.token.SharedSecret;
import io.helidon.dbclient.DbRow;
import io.helidon.security.jwt.jwk.Jwk;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The keys that access tokens are signed with. ES256 and RS256 pairs are made once, under a lock, and kept in the
 * database, so that all instances of the service agree; the private half is sealed with a key derived from
 * {@code SECRET_KEY}, so that a copy of the database alone forges nothing. With HS256 there is nothing to keep.
 */
final class SigningKeys {
    private static final Logger LOG = System.getLogger(SigningKeys.class.getName());

    // Any number that nothing else in this database locks.
    private static final String LOCK = "SELECT pg_advisory_xact_lock(7405221893)";

    private static final String NEWEST =
            "SELECT kid, public_key, private_key FROM signing_keys WHERE algorithm = ? ORDER BY created_at DESC LIMIT 1";

    // A key that can't be opened belongs to a secret that was given up, and nothing it signed is to count any more.
    private static final String FORGET = "DELETE FROM signing_keys WHERE algorithm = ?";

    private static final String INSERT =
            "INSERT INTO signing_keys (kid, algorithm, public_key, private_key, created_at) VALUES (?, ?, ?, ?, now())";

    private static final String PUBLIC = """
            SELECT CAST(kid AS text), encode(public_key, 'hex') FROM signing_keys WHERE algorithm = ?
            ORDER BY created_at""";

    private final Database database;
    private final KeyForm form;
    private final SharedSecret secret;
    private volatile Jwk current;

    SigningKeys(Database database, KeyForm form, SharedSecret secret) {
        this.database = database;
        this.form = form;
        this.secret = secret;
    }

    /** Reads the key, or makes the first one. */
    void start() {
        current = switch (form) {
            case SHARED -> KeyForm.shared(secret);
            case ELLIPTIC, RSA -> database.inTransaction(this::pair);
        };
    }

    /** The key to sign with. */
    Jwk current() {
        return current;
    }

    /** The public keys, RFC 7517. */
    byte[] jwks() {
        List<Map<String, String>> keys = form == KeyForm.SHARED
                ? List.of()
                : database.client()
                        .execute()
                        .createNamedQuery("key.public", PUBLIC)
                        .addParam(form.algorithm())
                        .execute()
                        .map(this::jwk)
                        .toList();
        return Json.bytes(Map.of("keys", keys));
    }

    private Map<String, String> jwk(DbRow row) {
        return form.jwk(row.column(1).getString(), row.column(2).getString());
    }

    private Jwk pair(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.execute();
        }
        Optional<Jwk> kept = newest(connection);
        return kept.isPresent() ? kept.get() : create(connection);
    }

    private Optional<Jwk> newest(Connection connection) throws SQLException {
        try (PreparedStatement newest = connection.prepareStatement(NEWEST)) {
            newest.setString(1, form.algorithm());
            try (ResultSet row = newest.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String kid = row.getString(1);
                Optional<byte[]> opened = Sealed.open(secret, kid, row.getBytes(3));
                if (opened.isEmpty()) {
                    LOG.log(Level.WARNING, "SECRET_KEY has changed: signing key {0} can''t be used any more", kid);
                }
                byte[] publicKey = row.getBytes(2);
                return opened.map(privateKey -> form.jwk(kid, form.pair(publicKey, privateKey)));
            }
        }
    }

    private Jwk create(Connection connection) throws SQLException {
        KeyPair pair = form.generate();
        UUID kid = Uuid7.next();
        try (PreparedStatement forget = connection.prepareStatement(FORGET);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            forget.setString(1, form.algorithm());
            forget.executeUpdate();
            insert.setObject(1, kid);
            insert.setString(2, form.algorithm());
            insert.setBytes(3, pair.getPublic().getEncoded());
            insert.setBytes(
                    4, Sealed.seal(secret, kid.toString(), pair.getPrivate().getEncoded()));
            insert.executeUpdate();
        }
        LOG.log(Level.INFO, "Made {0} signing key {1}", form.algorithm(), kid);
        return form.jwk(kid.toString(), pair);
    }
}
