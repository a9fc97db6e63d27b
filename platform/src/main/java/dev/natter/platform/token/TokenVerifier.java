package dev.natter.platform.token;

import io.helidon.config.Config;

/**
 * Verifies access tokens (RFC 7519, RFC 8725, RFC 9068): signature by the one algorithm that this installation uses,
 * {@code typ: at+jwt}, issuer, audience, expiry. A verified token is remembered until it expires, since an ES256 check
 * costs more than the rest of a request.
 *
 * <p>Keys come from auth-service's JWKS ({@code token.jwks.url}), fetched again when a token names a key that isn't
 * known, or are {@code SECRET_KEY} with {@code ALGORITHM=HS256}.
 */
public final class TokenVerifier {
    /** The only issuer. */
    public static final String ISSUER = "natter";

    /** The only audience. */
    public static final String AUDIENCE = "natter";

    /** The {@code typ} of an access token, RFC 9068. */
    public static final String TYPE = "at+jwt";

    private TokenVerifier() {}

    /**
     * Reads the keys {@code algorithm}, {@code secret.key}, {@code token.jwks.url}. Fetches nothing yet.
     *
     * @param config a service's settings
     * @return the verifier
     */
    public static TokenVerifier from(Config config) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Verifies a token.
     *
     * @param token what the client showed, without {@code Bearer}; may be null
     * @return who it is
     * @throws dev.natter.platform.http.Refused 401 if it proves nothing; 503 if the keys can't be had now
     */
    public Caller verify(String token) {
        throw new UnsupportedOperationException("skeleton");
    }
}
