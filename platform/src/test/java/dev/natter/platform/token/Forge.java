package dev.natter.platform.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** Makes tokens by hand, good and bad, with nothing of the code under test. */
final class Forge {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, Object> claims = new LinkedHashMap<>();

    Forge(String algorithm, String keyId, Instant now, UUID userId) {
        header.put("alg", algorithm);
        header.put("typ", "at+jwt");
        header.put("kid", keyId);
        claims.put("iss", "natter");
        claims.put("aud", "natter");
        claims.put("sub", userId.toString());
        claims.put("sid", "session-1");
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 600);
        claims.put("jti", UUID.randomUUID().toString());
    }

    Forge header(String name, Object value) {
        return put(header, name, value);
    }

    Forge claim(String name, Object value) {
        return put(claims, name, value);
    }

    private Forge put(Map<String, Object> into, String name, Object value) {
        if (value == null) {
            into.remove(name);
        } else {
            into.put(name, value);
        }
        return this;
    }

    String unsigned() {
        return content() + ".";
    }

    String sign(KeyPair pair) {
        boolean elliptic = pair.getPublic() instanceof ECPublicKey;
        return sign(pair, elliptic ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
    }

    private String sign(KeyPair pair, String javaAlgorithm) {
        try {
            Signature signature = Signature.getInstance(javaAlgorithm);
            signature.initSign(pair.getPrivate());
            signature.update(content().getBytes(StandardCharsets.UTF_8));
            return content() + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String hmac(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return content() + "." + BASE64.encodeToString(mac.doFinal(content().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String content() {
        return BASE64.encodeToString(JSON.writeValueAsBytes(header)) + "."
                + BASE64.encodeToString(JSON.writeValueAsBytes(claims));
    }

    static KeyPair elliptic() {
        return pair("EC");
    }

    static KeyPair rsa() {
        return pair("RSA");
    }

    private static KeyPair pair(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static Map<String, Object> jwk(String keyId, KeyPair pair) {
        return switch (pair.getPublic()) {
            case ECPublicKey key ->
                Map.of(
                        "kty", "EC",
                        "crv", "P-256",
                        "kid", keyId,
                        "alg", "ES256",
                        "use", "sig",
                        "x", number(key.getW().getAffineX().toByteArray()),
                        "y", number(key.getW().getAffineY().toByteArray()));
            case RSAPublicKey key ->
                Map.of(
                        "kty",
                        "RSA",
                        "kid",
                        keyId,
                        "alg",
                        "RS256",
                        "use",
                        "sig",
                        "n",
                        number(key.getModulus().toByteArray()),
                        "e",
                        number(key.getPublicExponent().toByteArray()));
            default -> throw new IllegalArgumentException(pair.getPublic().getAlgorithm());
        };
    }

    @SafeVarargs
    static byte[] jwks(Map<String, Object>... keys) {
        return JSON.writeValueAsBytes(Map.of("keys", keys));
    }

    private static String number(byte[] signed) {
        int from = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        return BASE64.encodeToString(Arrays.copyOfRange(signed, from, signed.length));
    }
}
