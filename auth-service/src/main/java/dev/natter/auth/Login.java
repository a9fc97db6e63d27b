package dev.natter.auth;

import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Violations;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client sends to sign in, as JSON or as the OAuth 2.0 password form (RFC 6749, section 4.3.2).
 *
 * @param username their name, or their e-mail address
 * @param email their e-mail address, if there is no username
 * @param password what only they know
 */
record Login(String username, String email, String password) {
    // Longer than any name or address that can exist; what can't exist needn't be looked up.
    private static final int MAX_NAME = 254;

    Login {
        new Violations()
                .check("username", username != null || email != null, "required", "'username' or 'email' is required.")
                .check("password", password != null, "required", "'password' is required.")
                .orRefuse();
    }

    static Login read(ServerRequest request) {
        boolean form = Json.contentType(request)
                .map(HttpMediaType::mediaType)
                .filter(MediaTypes.APPLICATION_FORM_URLENCODED::equals)
                .isPresent();
        if (!form) {
            return Json.read(request, Login.class);
        }
        Map<String, String> fields = form(Json.body(request));
        return new Login(fields.get("username"), null, fields.get("password"));
    }

    /** What the account is looked up by: the key of a username or of an e-mail address, which has an {@code @}. */
    String account() {
        String name = username != null ? username : email;
        return name.length() > MAX_NAME || name.indexOf('\0') >= 0 ? "" : Names.key(name);
    }

    static Map<String, String> form(byte[] body) {
        Map<String, String> fields = new HashMap<>();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            for (String pair : text.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                String before = fields.put(decode(name), decode(value));
                if (before != null) {
                    throw Problem.malformed("A field of the form is given twice.")
                            .refuse();
                }
            }
            return fields;
        } catch (IllegalArgumentException | CharacterCodingException broken) {
            throw Problem.malformed("This is not a well-formed form.").refuse();
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Login[hidden]";
    }
}
