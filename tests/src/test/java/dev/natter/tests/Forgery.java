package dev.natter.tests;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Access tokens that nobody should believe, made from one that is genuine. */
final class Forgery {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private Forgery() {}

    /** Every forgery of a token, by the name of the attack. */
    static Map<String, String> of(String genuine, JsonNode jwks, String refreshToken) {
        String[] parts = genuine.split("\\.");
        ObjectNode header = part(parts[0]);
        ObjectNode claims = part(parts[1]);
        Map<String, String> forged = new LinkedHashMap<>();
        forged.put("no token at all", "");
        forged.put("garbage", "garbage");
        forged.put("garbage in three parts", "a.b.c");
        forged.put("a refresh token", refreshToken);
        forged.put("no signature", parts[0] + "." + parts[1] + ".");
        forged.put("two parts", parts[0] + "." + parts[1]);
        forged.put("four parts", genuine + "." + parts[2]);
        forged.put("a changed signature", parts[0] + "." + parts[1] + "." + changed(parts[2]));
        forged.put(
                "changed claims",
                parts[0] + "."
                        + encode(claims.deepCopy().put("sub", UUID.randomUUID().toString())) + "." + parts[2]);
        forged.put(
                "a later expiry", parts[0] + "." + encode(claims.deepCopy().put("exp", 99999999999L)) + "." + parts[2]);
        for (String none : new String[] {"none", "None", "NONE", ""}) {
            forged.put("alg '" + none + "'", unsigned(header.deepCopy().put("alg", none), claims));
        }
        forged.put("no alg", unsigned(header.deepCopy().without("alg"), claims));
        for (JsonNode key : jwks.get("keys")) {
            forged.put(
                    "HS256 with the public key's JSON",
                    hs256(header, claims, key.toString().getBytes(StandardCharsets.UTF_8)));
            forged.put(
                    "HS256 with the public key's x",
                    hs256(header, claims, DECODER.decode(key.get("x").asString())));
            forged.put(
                    "HS256 with the whole JWKS",
                    hs256(header, claims, jwks.toString().getBytes(StandardCharsets.UTF_8)));
        }
        forged.put("HS256 with an empty-looking key", hs256(header, claims, new byte[32]));
        KeyPair own = keyPair();
        forged.put("a key of one's own under the right kid", es256(header, claims, own));
        forged.put("a key of one's own, unknown kid", es256(header.deepCopy().put("kid", "mine"), claims, own));
        forged.put("a kid that is a path", es256(header.deepCopy().put("kid", "../../../../dev/null"), claims, own));
        forged.put(
                "a jku of one's own", es256(header.deepCopy().put("jku", "http://127.0.0.1:1/jwks.json"), claims, own));
        ObjectNode withKey = header.deepCopy();
        withKey.putObject("jwk").put("kty", "EC").put("crv", "P-256");
        forged.put("a jwk of one's own", es256(withKey, claims, own));
        forged.put("a signature of zeros", parts[0] + "." + parts[1] + "." + BASE64.encodeToString(new byte[64]));
        forged.put("a very long one", parts[0] + "." + "A".repeat(3000) + "." + parts[2]);
        return forged;
    }

    /** A token signed with the installation's own secret. */
    static String hs256(Map<String, ?> header, Map<String, ?> claims, String secret) {
        return hs256(
                Contract.JSON.valueToTree(header),
                Contract.JSON.<ObjectNode>valueToTree(claims),
                secret.getBytes(StandardCharsets.UTF_8));
    }

    /** The claims of a genuine access token. */
    static Map<String, Object> claims(String userId, Instant expires) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "natter");
        claims.put("aud", "natter");
        claims.put("sub", userId);
        claims.put("sid", UUID.randomUUID().toString());
        claims.put("iat", Instant.now().minusSeconds(60).getEpochSecond());
        claims.put("exp", expires.getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        return claims;
    }

    static ObjectNode part(String encoded) {
        return (ObjectNode) Contract.JSON.readTree(DECODER.decode(encoded));
    }

    private static String unsigned(JsonNode header, ObjectNode claims) {
        return encode(header) + "." + encode(claims) + ".";
    }

    private static String hs256(ObjectNode header, ObjectNode claims, byte[] key) {
        String signed = encode(header.deepCopy().put("alg", "HS256")) + "." + encode(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String es256(ObjectNode header, ObjectNode claims, KeyPair keys) {
        String signed = encode(header.deepCopy().put("alg", "ES256")) + "." + encode(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(KeyFactory.getInstance("EC")
                    .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(
                            keys.getPrivate().getEncoded())));
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String changed(String signature) {
        byte[] bytes = DECODER.decode(signature);
        bytes[bytes.length / 2] ^= 1;
        return BASE64.encodeToString(bytes);
    }

    private static String encode(JsonNode part) {
        return BASE64.encodeToString(Contract.JSON.writeValueAsBytes(part));
    }
}
