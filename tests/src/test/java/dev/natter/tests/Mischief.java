package dev.natter.tests;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies that no well-meaning client sends, made from one that is right. */
record Mischief(String name, String type, byte[] body, Set<Integer> expected) {
    private static final String JSON = "application/json";
    private static final Set<Integer> REFUSED = Set.of(400, 413, 415, 422);
    private static final Set<Integer> MALFORMED = Set.of(400);
    private static final Set<Integer> WRONG = Set.of(400, 404, 422);

    static List<Mischief> with(ObjectNode right, JsonNode schema) {
        List<Mischief> all = new ArrayList<>();
        broken(right.toString(), all);
        large(right, all);
        mistyped(right.toString(), all);
        for (var property : schema.path("properties").properties()) {
            fields(right, property.getKey(), all);
        }
        return all;
    }

    private static void broken(String right, List<Mischief> all) {
        all.add(json("nothing", "", REFUSED));
        all.add(json("blanks", "   \r\n", MALFORMED));
        for (String other : List.of("null", "[]", "42", "true", "\"text\"", "[" + right + "]", "{}")) {
            all.add(json(other, other, REFUSED));
        }
        all.add(json("truncated", right.substring(0, right.length() / 2), MALFORMED));
        all.add(json("without its end", right.substring(0, right.length() - 1), MALFORMED));
        all.add(json("two of it", right + right, MALFORMED));
        all.add(json("followed by text", right + " x", MALFORMED));
        all.add(json("with a comment", "/* hi */" + right, MALFORMED));
        all.add(json("with single quotes", right.replace('"', '\''), MALFORMED));
        all.add(json("with a trailing comma", right.replaceFirst("}$", ",}"), MALFORMED));
        all.add(json("not a number", "{\"x\":NaN," + right.substring(1), MALFORMED));
        all.add(json("deep", "[".repeat(60_000), REFUSED));
        all.add(json(
                "deep in a field",
                "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "," + right.substring(1),
                MALFORMED));
        all.add(json("deep objects", "{\"x\":".repeat(9_000), MALFORMED));
        byte[] bytes = right.getBytes(StandardCharsets.UTF_8);
        byte[] invalid = Arrays.copyOf(bytes, bytes.length);
        invalid[right.indexOf(':') + 3] = (byte) 0xFF;
        all.add(new Mischief("invalid UTF-8", JSON, invalid, REFUSED));
        byte[] overlong = right.replaceFirst("\\{", "{\"??\":0,").getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i + 1 < overlong.length; i++) {
            if (overlong[i] == '?' && overlong[i + 1] == '?') {
                overlong[i] = (byte) 0xC0;
                overlong[i + 1] = (byte) 0xAF;
            }
        }
        all.add(new Mischief("overlong UTF-8", JSON, overlong, REFUSED));
        all.add(new Mischief("UTF-16", JSON, right.getBytes(StandardCharsets.UTF_16LE), REFUSED));
        all.add(new Mischief("UTF-32", JSON, right.getBytes(java.nio.charset.Charset.forName("UTF-32BE")), REFUSED));
        all.add(new Mischief("zeros", JSON, new byte[1000], MALFORMED));
    }

    private static void large(ObjectNode right, List<Mischief> all) {
        ObjectNode many = right.deepCopy();
        for (int i = 0; i < 10_000; i++) {
            many.put("field" + i, i);
        }
        all.add(json("10,000 fields", many.toString(), Set.of(413)));
        all.add(json(
                "70 KB in a field",
                right.deepCopy().put("x", "y".repeat(70_000)).toString(),
                Set.of(413)));
        all.add(json("3 MB of blanks", " ".repeat(3_000_000) + right, Set.of(413)));
        all.add(json(
                "a huge number",
                "{\"x\":" + "9".repeat(30_000) + "," + right.toString().substring(1),
                Set.of(200, 201, 400, 401, 409, 422)));
        all.add(json(
                "a huge exponent",
                "{\"x\":1e999999999," + right.toString().substring(1),
                Set.of(200, 201, 400, 401, 409, 422)));
    }

    private static void mistyped(String right, List<Mischief> all) {
        byte[] bytes = right.getBytes(StandardCharsets.UTF_8);
        for (String type : List.of(
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded-json",
                "image/png",
                "application/octet-stream")) {
            all.add(new Mischief("as " + type, type, bytes, Set.of(415)));
        }
        all.add(new Mischief("of no type", null, bytes, Set.of(415)));
        for (String type : List.of(
                "garbage",
                "a/b/c",
                ";",
                "application/json; charset=utf-16",
                "application/json;;;=",
                "multipart/form-data")) {
            all.add(new Mischief("as " + type, type, bytes, Set.of(200, 201, 400, 401, 409, 415, 422)));
        }
    }

    private static void fields(ObjectNode right, String field, List<Mischief> all) {
        // What is harmless in a field that is not read is judged by no status but "not a defect".
        Set<Integer> any = Set.of(200, 201, 400, 401, 404, 409, 422);
        for (String wrong : List.of("{\"a\":1}", "[{}]", "[[]]")) {
            all.add(json(field + " is " + wrong, replaced(right, field, wrong), WRONG));
        }
        for (String odd : List.of(
                "1",
                "1.5",
                "-1e400",
                "true",
                "null",
                "[]",
                "\"\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"\\u202Eevil\"",
                "\"\\u200b\"",
                "\"' OR 1=1 --\"",
                "\"%s%n\"",
                "\"" + "x".repeat(20_000) + "\"",
                "[null]",
                "[1]",
                "[\"x\"]")) {
            all.add(json(field + " is " + (odd.length() > 40 ? "long" : odd), replaced(right, field, odd), any));
        }
        if (right.path(field).isString() && !field.equals("type")) {
            all.add(json(field + " holds U+0000", replaced(right, field, "\"abc\\u0000def\""), Set.of(401, 422)));
            all.add(json(
                    field + " holds half a character",
                    replaced(right, field, "\"abcdef\\ud83d\""),
                    Set.of(400, 401, 422)));
        }
    }

    private static String replaced(ObjectNode right, String field, String value) {
        ObjectNode others = right.deepCopy();
        others.remove(field);
        String rest = others.toString();
        return "{\"" + field + "\":" + value + (others.isEmpty() ? "" : ",") + rest.substring(1);
    }

    private static Mischief json(String name, String body, Set<Integer> expected) {
        return new Mischief(name, JSON, body.getBytes(StandardCharsets.UTF_8), expected);
    }
}
