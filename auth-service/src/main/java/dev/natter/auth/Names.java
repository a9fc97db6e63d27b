package dev.natter.auth;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.regex.Pattern;

/** What names may look like, and when two of them are the same. */
final class Names {
    static final int MAX_EMAIL = 254;

    // Letters of any script with the marks that belong to them, digits, and three separators; but not the letters that
    // Unicode draws as nothing (Hangul fillers).
    private static final Pattern USERNAME =
            Pattern.compile("[\\p{L}\\p{Nd}_.-][\\p{L}\\p{M}\\p{Nd}_.-]*+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern INVISIBLE = Pattern.compile("[\\u115F\\u1160\\u3164\\uFFA0\\u034F\\u17B4\\u17B5]");

    // What mail systems take without quoting; whether it exists only a letter can tell.
    private static final Pattern EMAIL = Pattern.compile(
            "[^\\s\\p{C}@\"(),:;<>\\[\\\\\\]]{1,64}@([\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?\\.)+"
                    + "[\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?",
            Pattern.UNICODE_CHARACTER_CLASS);

    private Names() {}

    static boolean isUsername(String name) {
        return isUsernameText(name) && isUsernameText(key(name));
    }

    private static boolean isUsernameText(String name) {
        return USERNAME.matcher(name).matches() && !INVISIBLE.matcher(name).find();
    }

    static boolean isEmail(String text) {
        return text.length() <= MAX_EMAIL
                && !text.startsWith(".")
                && !text.contains("..")
                && !text.contains(".@")
                && EMAIL.matcher(text).matches();
    }

    /** The one spelling of a text that people see as the same in many: composed as Unicode prefers. */
    static String composed(String text) {
        return Normalizer.normalize(text, Form.NFC);
    }

    /**
     * What names are compared by: compatibility forms (fullwidth, ligatures) and case folded away. Upper case first,
     * since only it brings together what has one capital (s and ſ, σ and ς, ß and ss); again until nothing changes,
     * since normalising may uncover another capital.
     */
    static String key(String text) {
        String folded = fold(text);
        String again = fold(folded);
        return folded.equals(again) ? folded : fold(again);
    }

    private static String fold(String text) {
        String compatible = Normalizer.normalize(text, Form.NFKC);
        String lower = compatible.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(lower.replace('ς', 'σ'), Form.NFKC);
    }
}
