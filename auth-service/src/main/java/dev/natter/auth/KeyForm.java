package dev.natter.auth;

import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import io.helidon.security.jwt.jwk.Jwk;
import io.helidon.security.jwt.jwk.JwkEC;
import io.helidon.security.jwt.jwk.JwkOctet;
import io.helidon.security.jwt.jwk.JwkRSA;
import jakarta.json.Json;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The forms that a signing key can have, between the JDK's, the database's and RFC 7517's. */
enum KeyForm {
    ELLIPTIC("ES256", "EC"),
    RSA("RS256", "RSA"),
    SHARED("HS256", "HMAC");

    private static final int COORDINATE_BYTES = 32;
    private static final int RSA_BITS = 2048;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String algorithm;
    private final String factory;

    KeyForm(String algorithm, String factory) {
        this.algorithm = algorithm;
        this.factory = factory;
    }

    static KeyForm of(String algorithm) {
        for (KeyForm form : values()) {
            if (form.algorithm.equals(algorithm)) {
                return form;
            }
        }
        throw new IllegalArgumentException("ALGORITHM must be ES256, RS256 or HS256, but is '" + algorithm + "'");
    }

    String algorithm() {
        return algorithm;
    }

    static Jwk shared(SharedSecret secret) {
        return JwkOctet.create(Json.createObjectBuilder()
                .add(Jwk.PARAM_KEY_TYPE, Jwk.KEY_TYPE_OCT)
                .add(Jwk.PARAM_KEY_ID, TokenVerifier.SHARED_KEY_ID)
                .add(Jwk.PARAM_ALGORITHM, JwkOctet.ALG_HS256)
                .add(JwkOctet.PARAM_OCTET_KEY, BASE64.encodeToString(secret.raw()))
                .build());
    }

    KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(factory);
            if (this == ELLIPTIC) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(RSA_BITS);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK can't make keys for " + algorithm, impossible);
        }
    }

    KeyPair pair(byte[] publicKey, byte[] privateKey) {
        try {
            KeyFactory keys = KeyFactory.getInstance(factory);
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(publicKey)),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(privateKey)));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("A stored signing key can't be read", broken);
        }
    }

    /** The pair as Helidon signs with it. */
    Jwk jwk(String kid, KeyPair pair) {
        return switch (pair.getPrivate()) {
            case ECPrivateKey key ->
                JwkEC.builder()
                        .keyId(kid)
                        .algorithm(algorithm)
                        .publicKey((ECPublicKey) pair.getPublic())
                        .privateKey(key)
                        .build();
            case RSAPrivateKey key ->
                JwkRSA.builder()
                        .keyId(kid)
                        .algorithm(algorithm)
                        .publicKey((RSAPublicKey) pair.getPublic())
                        .privateKey(key)
                        .build();
            default -> throw new IllegalStateException("No key of " + algorithm);
        };
    }

    /** The public half as RFC 7517 and RFC 7518, section 6, write it. */
    Map<String, String> jwk(String kid, String publicKeyHex) {
        Map<String, String> jwk = new LinkedHashMap<>();
        switch (publicKey(HexFormat.of().parseHex(publicKeyHex))) {
            case ECPublicKey key -> {
                jwk.put("kty", "EC");
                jwk.put("crv", "P-256");
                jwk.put("x", number(key.getW().getAffineX(), COORDINATE_BYTES));
                jwk.put("y", number(key.getW().getAffineY(), COORDINATE_BYTES));
            }
            case RSAPublicKey key -> {
                jwk.put("kty", "RSA");
                jwk.put("n", number(key.getModulus(), 0));
                jwk.put("e", number(key.getPublicExponent(), 0));
            }
            default -> throw new IllegalStateException("No key of " + algorithm);
        }
        jwk.put("kid", kid);
        jwk.put("alg", algorithm);
        jwk.put("use", "sig");
        return jwk;
    }

    private PublicKey publicKey(byte[] encoded) {
        try {
            return KeyFactory.getInstance(factory).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("A stored signing key can't be read", broken);
        }
    }

    // Big-endian without a sign; coordinates always at full length.
    private static String number(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        int from = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        int bytes = signed.length - from;
        byte[] unsigned = new byte[Math.max(length, bytes)];
        System.arraycopy(signed, from, unsigned, unsigned.length - bytes, bytes);
        return BASE64.encodeToString(unsigned);
    }
}
